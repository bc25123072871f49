/** The store of a data folder as it lies there, also of one that a server runs on: nothing in the folder is changed. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type InspectedStore, inspectOn } from '../inspect.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { sqliteConnection } from './connection.ts';
import { keyFolder } from './keyFolder.ts';

const busyTimeoutMs = 5000;

/** `SQLITE_CORRUPT` and `SQLITE_NOTADB` of https://sqlite.org/rescode.html. */
const damaged: readonly unknown[] = [11, 26];

/** Throws `StoreUnavailableError` where the file cannot be read as a database at all. */
export async function inspectFolder<Result>(
  folder: string,
  work: (store: InspectedStore) => Promise<Result>,
): Promise<Result> {
  const path = join(folder, 'seatledger.db');
  const url = pathToFileURL(path);
  // Without a log nobody has it open. Told so, SQLite makes none of the files that go with one.
  if (!existsSync(`${path}-wal`)) url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true, timeout: busyTimeoutMs });
  try {
    const hasTables =
      database.prepare("select 1 from sqlite_schema where name = 'schema_migrations'").get() !== undefined;
    return await work(
      await inspectOn(sqliteConnection(database), hasTables, {
        damage: damageIn(database),
        databaseNow: undefined,
        isReadOnly: false,
        keys: keyFolder(join(folder, 'keys')),
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error)) throw error;
    const what = damaged.includes(error.errcode) ? 'is damaged, or is no database' : 'cannot be read';
    throw new StoreUnavailableError('data_folder_unusable', `The file ${path} ${what}: ${error.message}.`, {
      cause: error,
    });
  } finally {
    database.close();
  }
}

/** The quick form compares no index with its table: `seatledger verify` proves what is in them. */
function damageIn(database: DatabaseSync): string | undefined {
  const found = Object.values(database.prepare('pragma quick_check(1)').get() ?? {})[0];
  return found === 'ok' ? undefined : String(found);
}
