/** The thread that makes every change of a data folder. */

import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { applyChange } from '../changes.ts';
import { commitSizesIn } from '../commitSizes.ts';
import { clockOf, type SentOrder } from './sentOrder.ts';
import { openDatabase, sqliteConnection } from '../store/sqlite/connection.ts';
import { commitInGroups } from '../store/sqlite/groupCommit.ts';
import { readStagedRows } from '../store/staging.ts';
import { storesOn } from '../store/stores.ts';

const { databasePath, commits } = workerData as { databasePath: string; commits: SharedArrayBuffer };
const commitSizes = commitSizesIn(commits);
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a thread');

const database = openDatabase(databasePath, { readOnly: false });
const stores = storesOn(sqliteConnection(database));
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
