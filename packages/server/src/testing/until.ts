/** What comes to be so in its own time. */

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** Resolves once the answer is this one; fails where it is another after so long. */
export async function until<Answer>(
  ask: () => Promise<Answer>,
  expected: Answer,
  boundMs = 10_000,
): Promise<void> {
  const endsAtMs = performance.now() + boundMs;
  for (;;) {
    const answer = await ask();
    if (isDeepStrictEqual(answer, expected)) return;
    if (performance.now() > endsAtMs) assert.deepEqual(answer, expected);
    await pause(10);
  }
}
