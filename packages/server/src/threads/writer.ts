/** The thread that makes every change of a data folder. */

import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { applyChange } from '../changes.ts';
import { commitSizesIn } from '../commitSizes.ts';
import { clockOf, type SentOrder } from './sentOrder.ts';
import { migrate } from '../store/migrate.ts';
import { sqliteCapabilities } from '../store/sqlite/capabilities.ts';
import { openDatabase, sqliteConnection } from '../store/sqlite/connection.ts';
import { commitInGroups } from '../store/sqlite/groupCommit.ts';
import { isOutOfRoom } from '../store/sqlite/outOfRoom.ts';
import type { WriterOpening } from '../store/sqlite/writer.ts';
import { readStagedRows } from '../store/staging.ts';
import { storesOn } from '../store/stores.ts';
import { StoreUnavailableError } from '../store/unavailable.ts';

const { databasePath, now, commits } = workerData as {
  databasePath: string;
  now: number;
  commits: SharedArrayBuffer;
};
const commitSizes = commitSizesIn(commits);
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a thread');

try {
  const database = openDatabase(databasePath, { readOnly: false });
  const connection = sqliteConnection(database);
  database.exec('begin immediate');
  await migrate(connection, sqliteCapabilities, now);
  database.exec('commit');
  const stores = storesOn(connection);
  commitInGroups<SentOrder>({
    port,
    database,
    apply: (sent) =>
      applyChange(stores, sent.order, {
        now: clockOf(sent),
        newId: randomUUID,
        readRows: readStagedRows,
      }),
    onCommit: (acknowledged) => commitSizes.observe(acknowledged),
    isLong: ({ order }) => order.kind === 'lines.import',
  });
  port.postMessage({ opened: true } satisfies WriterOpening);
} catch (error) {
  const known = openingFailure(error);
  const code = known instanceof StoreUnavailableError ? known.code : null;
  const message = known instanceof Error ? known.message : String(known);
  port.postMessage({ opened: false, code, message } satisfies WriterOpening);
}

function openingFailure(error: unknown): unknown {
  const cause = error instanceof StoreUnavailableError ? error.cause : error;
  if (!isOutOfRoom(cause)) return error;
  return new StoreUnavailableError(
    'storage_full',
    'The store cannot be opened: there is no room on the disk of the data folder. Make room and start again; nothing was changed.',
    { cause },
  );
}
