/** A file, or what comes in on stdin, as bytes to send. */

import { access, constants, type FileHandle, open, stat } from 'node:fs/promises';
import type { CommandContext } from './commandContext.ts';
import { type Failure, localFailure } from './failure.ts';
import { systemErrorCode } from './systemErrorCode.ts';

/** How stdin is written where a file is asked for. */
export const stdinName = '-';

export interface InputFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Undefined for what is not a plain file: nobody knows its length beforehand. */
  readonly bytesTotal: number | undefined;
}

/** Lends the file to `use`. Fails with `file_unreadable`, at once or while it is read. */
export async function withInputFile<Result>(
  name: string,
  { stdin }: CommandContext,
  use: (input: InputFile) => Promise<Result>,
): Promise<Result> {
  if (name === stdinName) {
    try {
      return await use({ bytes: stdin, bytesTotal: undefined });
    } finally {
      // A writer that goes on writing would keep the process alive.
      stdin.destroy();
    }
  }
  await using handle = await openFile(name);
  const status = await handle.stat();
  return await use({ bytes: readBytes(name, handle), bytesTotal: status.isFile() ? status.size : undefined });
}

/** All of a file, or undefined where it has more bytes than that. Fails with `file_unreadable`. */
export async function readSmallFile(name: string, bytesMax: number): Promise<Buffer | undefined> {
  await using handle = await openFile(name);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of readBytes(name, handle)) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Fails with `file_unreadable` at once where somebody else is to read the file. It is not opened: a pipe would be cut. */
export async function requireReadable(name: string): Promise<void> {
  try {
    await access(name, constants.R_OK);
    if ((await stat(name)).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  } catch (cause) {
    throw fileUnreadable(name, cause);
  }
}

async function openFile(name: string): Promise<FileHandle> {
  try {
    return await open(name);
  } catch (cause) {
    throw fileUnreadable(name, cause);
  }
}

async function* readBytes(name: string, handle: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    yield* handle.createReadStream({ autoClose: false });
  } catch (cause) {
    throw fileUnreadable(name, cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
};

export function fileUnreadable(name: string, cause: unknown): Failure {
  const code = systemErrorCode(cause) ?? 'unknown';
  return localFailure('file_unreadable', `${name} cannot be read: ${reasons[code] ?? code}.`, { cause });
}
