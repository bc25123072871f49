/** A real store without a server: the queries on a database of its own, and changes made in the test's own thread. */

import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { applyChange, type ChangeKind, type ChangeOrder, type Changes } from '../changes.ts';
import type { ImportRow } from '../ledger/index.ts';
import type { Outcome } from '../record/index.ts';
import { migrate } from '../store/migrate.ts';
import type { Connection } from '../store/connection.ts';
import { openDatabase } from '../store/postgres/database.ts';
import { readWholeDatabase } from '../store/postgres/wholeStore.ts';
import { sqliteCapabilities } from '../store/sqlite/capabilities.ts';
import { sqliteConnection } from '../store/sqlite/connection.ts';
import { type Reads, readsOn, type Stores, storesOn } from '../store/stores.ts';
import { migratedDatabase, testEngine } from './engine.ts';
import { queryDatabase } from './postgres.ts';

export interface TestStore {
  readonly reads: Reads;
  /** The partner that changes are made for. */
  readonly partnerId: number;
  /** Makes a change and commits it; what it refuses or does not keep is rolled back. */
  make<Kind extends ChangeKind>(
    kind: Kind,
    input: Changes[Kind]['input'],
    options?: { now?: number; partnerId?: number; rows?: readonly ImportRow[] },
  ): Promise<Changes[Kind]['result']>;
  /** Runs a change's work, in a transaction as changes have it. */
  transact<Result>(work: (stores: Stores) => Promise<Outcome<Result>>): Promise<Result>;
  /** Lends the store as it is. */
  readWhole<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>;
  /** What one statement gives. Both engines give numbers, texts and nulls. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Runs statements around the store's own ways. */
  exec(sql: string): Promise<void>;
  close(): void;
}

type Engine = Omit<TestStore, 'partnerId' | 'make'>;

/** The instant of changes that name no other. */
export const someDay = Date.UTC(2026, 0, 31);

export async function openTestStore(): Promise<TestStore> {
  const engine = await (testEngine === 'sqlite' ? openInMemory() : openInDatabase());

  function make<Kind extends ChangeKind>(
    kind: Kind,
    input: Changes[Kind]['input'],
    {
      now = someDay,
      partnerId = test.partnerId,
      rows = [],
    }: { now?: number; partnerId?: number; rows?: readonly ImportRow[] } = {},
  ): Promise<Changes[Kind]['result']> {
    const order: ChangeOrder<Kind> = { kind, input, partnerId, actor: 'test', reason: null, now };
    async function* readRows() {
      yield rows;
    }
    return engine.transact((stores) =>
      applyChange(stores, order, { now: () => now, newId: randomUUID, readRows }),
    );
  }

  const test = { ...engine, partnerId: 0, make };
  test.partnerId = (await make('partner.create', { name: 'one' })).partnerId;
  return test;
}

async function openInMemory(): Promise<Engine> {
  const database = new DatabaseSync(':memory:');
  const connection = sqliteConnection(database);
  await migrate(connection, sqliteCapabilities, someDay);
  const stores = storesOn(connection);
  return {
    reads: readsOn(connection),
    async transact(work) {
      database.exec('begin immediate');
      let keep = false;
      try {
        const outcome = await work(stores);
        keep = outcome.keep;
        return outcome.result;
      } finally {
        database.exec(keep ? 'commit' : 'rollback');
      }
    },
    readWhole: (work) => work(connection),
    rows: async (sql) =>
      database
        .prepare(sql)
        .all()
        .map((row) => ({ ...row })),
    exec: async (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

async function openInDatabase(): Promise<Engine> {
  const database = await migratedDatabase();
  const { url } = database;
  const opened = await openDatabase(url, {
    encryptionKey: undefined,
    temporaryFolder: tmpdir(),
    newId: randomUUID,
    random: Math.random,
    now: someDay,
  });
  return {
    reads: opened.reads,
    transact: (work) => opened.transact(work),
    readWhole: (work) => readWholeDatabase(url, work),
    rows: (sql) => queryDatabase(url, sql),
    async exec(sql) {
      await queryDatabase(url, sql);
    },
    close() {
      // Nothing waits for it but the end of the process; where it fails, that fails.
      void opened.close().then(() => database.drop());
    },
  };
}
