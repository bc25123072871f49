/** Values for machines. */

import type { CommandContext } from '../commandContext.ts';
import { write, writeLine } from './write.ts';

export async function writeJson({ stdout }: CommandContext, value: unknown): Promise<void> {
  await writeLine(stdout, JSON.stringify(value));
}

/** One JSON array with each element on a line of its own, written as the pages come in. */
export async function writeJsonArray(
  { stdout }: CommandContext,
  pages: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
): Promise<void> {
  let before = '[\n';
  for await (const page of pages) {
    for (const element of page) {
      await write(stdout, `${before}${JSON.stringify(element)}`);
      before = ',\n';
    }
  }
  await write(stdout, before === '[\n' ? '[]\n' : '\n]\n');
}

/** Each element on a line of its own, written as the pages come in. */
export async function writeJsonLines(
  { stdout }: CommandContext,
  pages: AsyncIterable<readonly unknown[]>,
): Promise<void> {
  for await (const page of pages)
    await write(stdout, page.map((element) => `${JSON.stringify(element)}\n`).join(''));
}
