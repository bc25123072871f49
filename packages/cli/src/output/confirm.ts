import { createInterface } from 'node:readline';
import type { CommandContext } from '../commandContext.ts';
import { localFailure } from '../failure.ts';
import { write } from './write.ts';

/** Asks, on a terminal, whether what cannot be undone is to be done. Fails with `not_confirmed`, and with wrong usage where nobody can answer. */
export async function confirm({ stdin, stderr }: CommandContext, question: string): Promise<void> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    throw localFailure('usage_wrong', 'This cannot be undone, and there is no terminal to ask on.', {
      remedy: 'Say --yes where it is meant.',
    });
  }
  await write(stderr, `${question} [y/N] `);
  const lines = createInterface({ input: stdin });
  const { value = '' } = await lines[Symbol.asyncIterator]().next();
  lines.close();
  if (!/^y(es)?$/i.test(value.trim())) throw localFailure('not_confirmed', 'Nothing was done.');
}
