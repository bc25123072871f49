/** A real store without a server: the queries on a database of its own, and changes made in the test's own thread. */

import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { applyChange, type ChangeKind, type ChangeOrder, type Changes } from '../changes.ts';
import type { ImportRow } from '../ledger/index.ts';
import type { Outcome } from '../record/index.ts';
import { migrate } from '../store/migrate.ts';
import { sqliteCapabilities } from '../store/sqlite/capabilities.ts';
import { sqliteConnection } from '../store/sqlite/connection.ts';
import { type Reads, readsOn, storesOn } from '../store/stores.ts';

export interface TestStore {
  readonly database: DatabaseSync;
  readonly reads: Reads;
  /** The partner that changes are made for. */
  readonly partnerId: number;
  /** Makes a change and commits it; what it refuses or does not keep is rolled back. */
  make<Kind extends ChangeKind>(
    kind: Kind,
    input: Changes[Kind]['input'],
    options?: { now?: number; partnerId?: number; rows?: readonly ImportRow[] },
  ): Promise<Changes[Kind]['result']>;
  close(): void;
}

/** The instant of changes that name no other. */
export const someDay = Date.UTC(2026, 0, 31);

export async function openTestStore(): Promise<TestStore> {
  const database = new DatabaseSync(':memory:');
  const connection = sqliteConnection(database);
  await migrate(connection, sqliteCapabilities, someDay);
  const stores = storesOn(connection);

  async function make<Kind extends ChangeKind>(
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
      yield* rows;
    }
    database.exec('begin immediate');
    let outcome: Outcome<Changes[Kind]['result']> | undefined;
    try {
      outcome = await applyChange(stores, order, { now: () => now, newId: randomUUID, readRows });
      return outcome.result;
    } finally {
      database.exec(outcome?.keep ? 'commit' : 'rollback');
    }
  }

  const test = { database, reads: readsOn(connection), partnerId: 0, make, close: () => database.close() };
  test.partnerId = (await make('partner.create', { name: 'one' })).partnerId;
  return test;
}
