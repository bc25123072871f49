/** How slowly a peer may take a backup: each piece in a minute, and all of them at 16 bytes a millisecond beyond it. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { whileTaken } from './createBackup.ts';

const stalledAfterMs = 60_000;
const pieceBytes = 16_000;

describe('a peer that takes a backup', () => {
  let now: number;
  beforeEach(() => {
    now = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  async function* pieces() {
    for (;;) yield new Uint8Array(pieceBytes);
  }
  /** Takes so many pieces, each so long after it was given; how many it got before it was cut off. */
  async function taken(count: number, eachAfterMs: number): Promise<number> {
    const cut = new AbortController();
    const given = whileTaken(
      pieces(),
      stalledAfterMs,
      () => cut.abort(),
      () => now,
    );
    let got = 0;
    for (; got < count && !cut.signal.aborted; got++) {
      await given.next();
      now += eachAfterMs;
      mock.timers.tick(eachAfterMs);
    }
    await given.return(undefined);
    return got;
  }

  test('goes on as long as it takes a second for each piece', async () => {
    assert.equal(await taken(100_000, 1000), 100_000);
  });

  test('is cut off where it takes nothing for a minute', async () => {
    assert.equal(await taken(100, stalledAfterMs - 1), 2);
    assert.equal(await taken(100, stalledAfterMs), 1);
  });

  test('is cut off where it takes something now and then, once it is a minute behind', async () => {
    assert.equal(await taken(1000, 2000), 60);
  });
});
