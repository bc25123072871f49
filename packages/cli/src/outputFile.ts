/** A file that is there whole or not at all, and that nobody else may read. */

import { existsSync, rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Failure, localFailure } from './failure.ts';
import { systemErrorCode } from './systemErrorCode.ts';

/** How stdout is written where a file is asked for. */
export const stdoutName = '-';

/**
 * Lends `use` what writes to the file, which is given its name once all of it is on the disk.
 *
 * Fails with `file_exists`, unless it is to be replaced, and with `file_unwritable`.
 */
export async function withOutputFile<Result>(
  name: string,
  { replace }: { replace: boolean },
  use: (write: (piece: string | Uint8Array) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  if (!replace && existsSync(name)) throw localFailure('file_exists', `There is a file ${name} already.`);
  const part = `${name}.part`;
  const handle = await openPart(part);
  // Ctrl-C ends the process at once.
  const remove = () => rmSync(part, { force: true });
  process.once('exit', remove);
  try {
    const result = await use((piece) => attempt(name, () => handle.writeFile(piece)));
    await attempt(name, () => handle.sync());
    await handle.close();
    await attempt(name, () => rename(part, name));
    await attempt(name, () => syncFolder(dirname(name)));
    return result;
  } catch (error) {
    await handle.close();
    await rm(part, { force: true });
    throw error;
  } finally {
    process.off('exit', remove);
  }
}

/** Never into a file that is there: it may be the half of another export, or readable by others. */
async function openPart(part: string): Promise<FileHandle> {
  try {
    return await open(part, 'wx', 0o600);
  } catch (cause) {
    if (systemErrorCode(cause) !== 'EEXIST') throw fileUnwritable(part, cause);
    throw localFailure('file_exists', `There is a file ${part} already.`, {
      remedy: 'Another command is writing it, or one was broken off; then remove the file.',
      cause,
    });
  }
}

/** A rename is durable when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw fileUnwritable(name, cause);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EACCES: 'nothing may be written there',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EFBIG: 'a file may not be so large here',
  EDQUOT: 'no more room is granted to this user',
};

function fileUnwritable(name: string, cause: unknown): Failure {
  const code = systemErrorCode(cause) ?? 'unknown';
  return localFailure('file_unwritable', `${name} cannot be written: ${reasons[code] ?? code}.`, { cause });
}
