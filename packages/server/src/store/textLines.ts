/** The lines of a text file. They end where they were ended, and not at what else Unicode calls the end of a line. */

import { createReadStream } from 'node:fs';

/** What comes after the last line end is a line too, unless it is empty. */
export function textLines(path: string): AsyncGenerator<string, undefined> {
  return linesOf(createReadStream(path, { encoding: 'utf8' }));
}

/** The same of texts that come piece by piece. */
export async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
  return undefined;
}
