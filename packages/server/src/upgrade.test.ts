/** A store that an older version made: opened by this one it answers what it answered, and a migration that fails leaves it whole. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { startServer } from './app.ts';
import type { StorePlace } from './config.ts';
import { verifyStore } from './operatorStore.ts';
import { migrate } from './store/migrate.ts';
import { migrations } from './store/migrations/index.ts';
import type { Migration } from './store/migrations/migration.ts';
import { postgresCapabilities } from './store/postgres/capabilities.ts';
import { alone } from './store/postgres/database.ts';
import { openSessions } from './store/postgres/sessions.ts';
import { sqliteCapabilities } from './store/sqlite/capabilities.ts';
import { openDatabase, sqliteConnection } from './store/sqlite/connection.ts';
import { testConfig } from './testing/config.ts';
import { testEngine } from './testing/engine.ts';
import { askStore, type KeptAnswers, keptStoreNow, keptStores, tokenOf } from './testing/keptStores.ts';
import { createDatabase, type Postgres, queryDatabase, startPostgres } from './testing/postgres.ts';

interface OldStore extends AsyncDisposable {
  readonly place: StorePlace;
  /** What is in it, by its tables and their columns and rows. */
  contents(): Promise<unknown>;
  migrate(steps: readonly Migration[]): Promise<void>;
}

const { app, answers } = JSON.parse(readFileSync(keptStores.answersFile, 'utf8')) as KeptAnswers;
let postgres: Postgres | undefined;
before(async () => {
  if (testEngine === 'postgres') postgres = await startPostgres();
});
after(() => postgres?.stop());

async function openOld(): Promise<OldStore> {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  return postgres === undefined ? inFolder(folder) : inDatabase(postgres, folder);
}

function inFolder(path: string): OldStore {
  const file = join(path, 'seatledger.db');
  copyFileSync(keptStores.folderFile, file);
  return {
    place: { kind: 'folder', path },
    async contents() {
      const database = new DatabaseSync(file);
      const tables = database.prepare('select name, sql from sqlite_schema order by name').all();
      const rows = tables
        .filter(({ sql }) => String(sql).startsWith('CREATE TABLE'))
        .map(({ name }) => database.prepare(`select * from ${String(name)}`).all());
      database.close();
      return { tables, rows };
    },
    async migrate(steps) {
      // As the writer does it: the process that fails ends with its transaction open.
      const database = openDatabase(file, { readOnly: false });
      try {
        database.exec('begin immediate');
        await migrate(sqliteConnection(database), sqliteCapabilities, keptStoreNow, steps);
        database.exec('commit');
      } finally {
        database.close();
      }
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

async function inDatabase(server: Postgres, temporaryFolder: string): Promise<OldStore> {
  const database = await createDatabase(server);
  const { url } = database;
  await queryDatabase(url, readFileSync(keptStores.databaseFile, 'utf8'));
  const encryptionKey = randomBytes(32).toString('base64');
  return {
    place: { kind: 'database', url, encryptionKey, temporaryFolder },
    async contents() {
      const columns = await queryDatabase(
        url,
        "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by 1, 2",
      );
      const names = new Set(columns.map((column) => String(column['table_name'])));
      const rows = [];
      for (const name of names)
        rows.push(await queryDatabase(url, `select to_jsonb(the) as row from ${name} as the order by 1`));
      return { columns, rows };
    },
    async migrate(steps) {
      const sessions = openSessions(url, () => 0);
      try {
        await alone(sessions, (connection) => migrate(connection, postgresCapabilities, keptStoreNow, steps));
      } finally {
        await sessions.close();
      }
    },
    async [Symbol.asyncDispose]() {
      await database.drop();
      await rm(temporaryFolder, { recursive: true });
    },
  };
}

/** Serves the store at the instant that the answers were written down at. */
async function assertAnswersAsBefore(place: StorePlace): Promise<void> {
  const server = await startServer(testConfig({ place }), { now: () => keptStoreNow });
  try {
    const token = await tokenOf(server.url, app);
    assert.deepEqual(await askStore(server.url, token), answers);
    // A write that was sent to the older version is known to this one.
    const again = await fetch(`${server.url}/api/v1/customers/contoso/lines`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': 'kept',
      },
      body: JSON.stringify({ productType: 2048, seats: 6 }),
    });
    assert.equal(again.status, 422, await again.text());
  } finally {
    await server.stop();
  }
}

describe('a store of the first schema', () => {
  test('answers what it answered, and is what its record says', async () => {
    await using old = await openOld();
    await assertAnswersAsBefore(old.place);
    const { place } = old;
    const named = place.kind === 'folder' ? { data: place.path } : { databaseUrl: place.url };
    const head = answers['/api/v1/events/head'] as { body: { hash: string } };
    const found: unknown[] = [];
    await verifyStore(named, { head: undefined }, (partner) =>
      found.push([partner.broken, partner.head?.hash]),
    );
    assert.deepEqual(found, [[undefined, head.body.hash]]);
  });

  test('is whole after a migration that failed in its middle, and opens as before', async () => {
    await using old = await openOld();
    const failing: Migration = {
      version: 9000,
      name: 'fails',
      statements: ({ integerType, table }) => [
        `create table half (id ${integerType} not null primary key) ${table}`,
        `alter table lines add column half ${integerType}`,
        'delete from holdings',
        'drop table used_assertions',
        'insert into no_such_table values (1)',
      ],
    };
    await old.migrate(migrations);
    const whole = await old.contents();
    await assert.rejects(old.migrate([...migrations, failing]), { code: 'migration_failed' });
    assert.deepEqual(await old.contents(), whole);
    await assertAnswersAsBefore(old.place);
  });
});
