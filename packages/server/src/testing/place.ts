/** A place for the store of a test server, and what tests look for in it that no server answers. */

import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ServeFlags, StorePlace } from '../config.ts';
import type { StoredKey } from '../identity/ports.ts';
import { openDatabase } from '../store/postgres/database.ts';
import { keyFolder } from '../store/sqlite/keyFolder.ts';
import { migratedDatabase, testEngine } from './engine.ts';
import { queryDatabase } from './postgres.ts';

export interface TestPlace {
  readonly place: StorePlace;
  /** How an operator names it. */
  readonly flags: Pick<ServeFlags, 'data' | 'databaseUrl'>;
  /** Runs statements beside the server. */
  exec(sql: string): Promise<void>;
  signingKeys(): Promise<readonly StoredKey[]>;
  /** Where files of imports on their way are. */
  stagingFolder(): string;
  /** Each file, or each row, as it is kept. */
  contents(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export async function openTestPlace(): Promise<TestPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  return testEngine === 'sqlite' ? inFolder(folder) : inDatabase(folder);
}

function inFolder(path: string): TestPlace {
  return {
    place: { kind: 'folder', path },
    flags: { data: path },
    async exec(sql) {
      const database = new DatabaseSync(join(path, 'seatledger.db'));
      try {
        database.exec(sql);
      } finally {
        database.close();
      }
    },
    signingKeys: () => keyFolder(join(path, 'keys')).load(),
    stagingFolder: () => join(path, 'staging'),
    contents: async () =>
      globSync('**/*', { cwd: path, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** The folder takes the temporary files. */
async function inDatabase(temporaryFolder: string): Promise<TestPlace> {
  const database = await migratedDatabase();
  const { url } = database;
  const encryptionKey = randomBytes(32).toString('base64');
  return {
    place: { kind: 'database', url, encryptionKey, temporaryFolder },
    flags: { databaseUrl: url },
    async exec(sql) {
      await queryDatabase(url, sql);
    },
    async signingKeys() {
      const options = { encryptionKey, temporaryFolder, newId: () => '', random: () => 0, now: 0 };
      const opened = await openDatabase(url, options);
      try {
        return await opened.keys.load();
      } finally {
        await opened.close();
      }
    },
    stagingFolder() {
      const [folder] = globSync('*/staging', { cwd: temporaryFolder });
      if (folder === undefined) throw new Error('no server is open on the database');
      return join(temporaryFolder, folder);
    },
    async contents() {
      const tables = await queryDatabase(url, "select tablename from pg_tables where schemaname = 'public'");
      const rows = await Promise.all(
        tables.map(({ tablename }) => queryDatabase(url, `select * from ${String(tablename)}`)),
      );
      return rows.flat().map((row) => JSON.stringify(row));
    },
    async remove() {
      await database.drop();
      await rm(temporaryFolder, { recursive: true, force: true });
    },
  };
}
