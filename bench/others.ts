/** The measurements that have files of their own: what each prints, a figure a line. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface OtherFigures {
  readonly command: string;
  readonly lines: readonly string[];
}

/** Those of writes and imports are run as soon as they are there. */
const files = ['token.ts', 'bulk.ts', 'paging.ts', 'writes.ts'];

export async function measureOthers(): Promise<OtherFigures[]> {
  const found: OtherFigures[] = [];
  for (const file of files) {
    const path = join(import.meta.dirname, file);
    if (existsSync(path)) found.push({ command: `node bench/${file}`, lines: await linesOf(path) });
  }
  return found;
}

async function linesOf(path: string): Promise<string[]> {
  console.log(`${path} is run`);
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk as string;
  if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${path} failed`);
  return text.trimEnd().split('\n');
}
