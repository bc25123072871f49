/** The measurements that have files of their own: what each prints, a figure a line. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface OtherFigures {
  readonly command: string;
  readonly lines: readonly string[];
}

const files = ['token.ts', 'bulk.ts', 'paging.ts', 'writes.ts'];

export async function measureOthers(): Promise<OtherFigures[]> {
  const found: OtherFigures[] = [];
  for (const file of files) found.push({ command: `node bench/${file}`, lines: await linesOf(file) });
  return found;
}

/** What it printed; one that fails says so in its last line, and the others are measured all the same. */
async function linesOf(file: string): Promise<string[]> {
  console.log(`bench/${file} is run`);
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk as string;
  const [code] = await closed;
  const lines = text.split('\n').filter((line) => line !== '');
  return code === 0 ? lines : [...lines, 'the rest could not be measured: see what it printed'];
}
