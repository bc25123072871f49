/** The store of a data folder as a whole: read at one moment, or filled while it is empty. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Connection } from '../connection.ts';
import { migrate, requireSchema } from '../migrate.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { sqliteCapabilities } from './capabilities.ts';
import { openDatabase, sqliteConnection } from './connection.ts';
import { databaseName, ownFolder } from './folder.ts';

const readingKibibytes = 8192;

/** Lends the store as it is at this moment, also while a server runs on it. Throws `StoreUnavailableError`. */
export async function readWholeFolder<Result>(
  folder: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, databaseName);
  if (!existsSync(path)) {
    throw new StoreUnavailableError(
      'data_folder_missing',
      `There is no store in ${folder}. Check the name of the data folder.`,
    );
  }
  // Opened for writing, for a log that was left has to be read too; nothing is written.
  const database = openDatabase(path, { readOnly: false });
  try {
    // All of it is read once, in the order of its keys: little of what is kept of the file would be looked at again.
    database.exec(`pragma query_only = on; pragma cache_size = -${readingKibibytes}; begin`);
    const connection = sqliteConnection(database);
    await requireSchema(connection);
    return await work(connection);
  } finally {
    database.close();
  }
}

/** Lends the empty store of the folder, which is made where it is missing, and keeps what the work does, or nothing. */
export async function fillFolder(
  folder: string,
  now: number,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const lock = ownFolder(folder);
  try {
    const database = openDatabase(join(folder, databaseName), { readOnly: false });
    try {
      const connection = sqliteConnection(database);
      database.exec('begin immediate');
      await migrate(connection, sqliteCapabilities, now);
      await work(connection);
      database.exec('commit');
    } finally {
      database.close();
    }
  } finally {
    lock.release();
  }
}

/** Lends an empty store that is nobody's and gone afterwards. What does not fit the memory is kept in a temporary file. */
export async function withScratchStore<Result>(
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const database = new DatabaseSync('');
  try {
    const connection = sqliteConnection(database);
    database.exec('pragma synchronous = off; pragma journal_mode = off; begin');
    await migrate(connection, sqliteCapabilities, 0);
    return await work(connection);
  } finally {
    database.close();
  }
}
