/** The store of a database as it lies there, also while servers run on it. */

import { type InspectedStore, inspectOn } from '../inspect.ts';
import { keyRows } from './keyRows.ts';
import { withReadingSession } from './wholeStore.ts';

/** Throws `StoreUnavailableError`. */
export function inspectDatabase<Result>(
  { url, encryptionKey }: { url: string; encryptionKey: string | undefined },
  clock: { now(): number },
  work: (store: InspectedStore) => Promise<Result>,
): Promise<Result> {
  return withReadingSession(url, async (connection, session) => {
    const askedAt = clock.now();
    const { rows } = await session.query<{
      now: number;
      replica: boolean;
      tables: boolean;
      readonly: string;
    }>(
      `select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now,
        pg_is_in_recovery() as replica,
        to_regclass('schema_migrations') is not null as tables,
        current_setting('default_transaction_read_only') as readonly`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the database says nothing of itself');
    // It was read between the two, so that half of the way is on neither clock.
    const answeredAt = clock.now();
    const store = await inspectOn(connection, row.tables, {
      damage: null,
      databaseNow: row.now + (answeredAt - askedAt) / 2,
      isReadOnly: row.replica || row.readonly === 'on',
      keys: keyRows(connection, {
        encryptionKey,
        alone: () => Promise.reject(new Error('nothing is changed here')),
      }),
    });
    return work(store);
  });
}
