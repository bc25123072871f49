/** Whether a store answers, and how far it is. */

import { sql } from 'kysely';
import type { Connection } from './connection.ts';
import { schemaVersion } from './migrate.ts';
import { statement } from './statement.ts';

export interface StoreProbe {
  /** Whether it has the schema of this version. That of a later one is none the less: its server goes on beside this one. */
  readonly isMigrated: boolean;
  /** How many events all partners have on record. */
  readonly events: number;
}

/** One row for each partner, of which there are few. */
const probeRow = statement<object, { version: number | null; events: number | null }>((db) =>
  db.selectNoFrom((the) => [
    the
      .selectFrom('schema_migrations')
      .select(({ fn }) => fn.max('version').as('version'))
      .as('version'),
    the
      .selectFrom('partners')
      .select(sql<number>`cast(coalesce(sum(head_sequence), 0) as bigint)`.as('events'))
      .as('events'),
  ]),
);

/** Throws what any read throws where the store is away. */
export async function probeStore(connection: Connection): Promise<StoreProbe> {
  const row = await connection.first(probeRow, {});
  return { isMigrated: (row?.version ?? 0) >= schemaVersion, events: row?.events ?? 0 };
}

/** The sessions with a database of one purpose. */
export interface SessionFigures {
  readonly purpose: 'answers' | 'changes';
  /** How many there can be. */
  readonly max: number;
  readonly inUse: number;
  readonly idle: number;
  /** How many statements or transactions wait for one. */
  readonly waiting: number;
}
