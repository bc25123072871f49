/**
 * A data folder that a store is put back into. It is written beside the name of the database and gets that name once it is whole and on the
 * disk: a restore that was broken off leaves nothing that could be taken for a store.
 */

import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProblemError } from '@seatledger/contract';
import type { Connection } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { sqliteCapabilities } from './capabilities.ts';
import { sqliteConnection } from './connection.ts';
import { databaseName, ownFolder, restoringName } from './folder.ts';
import { isOutOfRoom } from './outOfRoom.ts';

/** What may be in a folder that is called empty: its lock, what a broken restore left, and what a file system puts at its top. */
const nothing: ReadonlySet<string> = new Set(['lock', 'lock.owner', 'lost+found', restoringName]);

/** Rows come in the order of their keys: what was written before is hardly looked at again. */
const cacheKibibytes = 8192;

/** Lends an empty store of the folder, which is made where it is missing, and keeps what the work does, or nothing. Throws `storage_full`. */
export async function restoreFolder(
  folder: string,
  now: number,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const lock = ownFolder(folder);
  const path = join(folder, restoringName);
  const remove = () => rmSync(path, { force: true });
  try {
    const [found] = readdirSync(folder).filter((name) => !nothing.has(name));
    if (found !== undefined) {
      throw new StoreUnavailableError(
        'store_not_empty',
        `The folder ${folder} is not empty: ${found} is in it. Restore into a new folder.`,
      );
    }
    remove();
    // Ctrl-C ends the process at once.
    process.once('exit', remove);
    await write(path, now, work);
    sync(path);
    renameSync(path, join(folder, databaseName));
    sync(folder);
  } catch (error) {
    remove();
    throw isOutOfRoom(error) ? new ProblemError('storage_full') : error;
  } finally {
    process.off('exit', remove);
    lock.release();
  }
}

/** Nobody reads the file before it is whole, so nothing of it has to be kept safe on the way. */
async function write(
  path: string,
  now: number,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const database = new DatabaseSync(path);
  try {
    database.exec(
      `pragma journal_mode = memory; pragma synchronous = off; pragma locking_mode = exclusive;
      pragma cache_size = -${cacheKibibytes}; pragma temp_store = memory; begin`,
    );
    const connection = sqliteConnection(database);
    await migrate(connection, sqliteCapabilities, now);
    await work(connection);
    database.exec('commit');
  } finally {
    database.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
