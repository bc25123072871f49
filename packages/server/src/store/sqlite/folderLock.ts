/**
 * One process owns a data folder.
 *
 * Node has no file locks of its own. SQLite's are the kernel's: an open exclusive transaction on a file made for nothing else holds one
 * for as long as the process lives, and the kernel frees it whatever way the process ends.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailableError } from '../unavailable.ts';

/** `SQLITE_BUSY` of https://sqlite.org/rescode.html. */
const busy = 5;

/** Takes the folder for this process, or throws `data_folder_in_use`. */
export function lockFolder(folder: string): { release(): void } {
  const ownerFile = join(folder, 'lock.owner');
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
  try {
    // Nothing is ever written to it, so it needs no journal beside it.
    lock.exec('pragma journal_mode = memory; begin exclusive');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && 'errcode' in error && error.errcode === busy)) throw error;
    throw new StoreUnavailableError(
      'data_folder_in_use',
      `The data folder ${folder} is in use by ${ownerOf(ownerFile)}. Stop that process, or choose another folder.`,
    );
  }
  writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 });
  return { release: () => lock.close() };
}

/** Who has the folder, as it calls itself; undefined where nobody has. It is asked for no longer than a look takes, and nothing is written. */
export function folderHolder(folder: string): string | undefined {
  const path = join(folder, 'lock');
  if (!existsSync(path)) return undefined;
  const lock = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    lock.prepare('select count(*) from sqlite_schema').get();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error && error.errcode === busy)) throw error;
    return ownerOf(join(folder, 'lock.owner'));
  } finally {
    lock.close();
  }
}

function ownerOf(ownerFile: string): string {
  try {
    return `process ${readFileSync(ownerFile, 'utf8').trim()}`;
  } catch {
    return 'another process';
  }
}
