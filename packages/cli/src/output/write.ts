import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes and waits while the reader is slow, so that a long list never piles up in memory. */
export async function write(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

export async function writeLine(stream: Writable, line: string): Promise<void> {
  await write(stream, `${line}\n`);
}
