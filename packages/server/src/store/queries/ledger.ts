/** The queries of the ledger, put together. */

import type { AssignmentStore, LedgerReads, LedgerStore, PoolStore } from '../../ledger/ports.ts';
import type { Connection } from '../connection.ts';
import { assignmentReads, assignmentStore } from './assignments.ts';
import { holdingReads } from './holdings.ts';
import { lineReads, lineStore } from './lines.ts';
import { poolReads, poolStore } from './pools.ts';
import { snapshotReads, snapshotStore } from './snapshots.ts';

export function ledgerStore(connection: Connection): AssignmentStore & LedgerStore & PoolStore {
  return {
    ...lineStore(connection),
    ...snapshotStore(connection),
    ...poolStore(connection),
    ...assignmentStore(connection),
  };
}

export function ledgerReads(connection: Connection): LedgerReads {
  return {
    ...lineReads(connection),
    ...snapshotReads(connection),
    ...holdingReads(connection),
    ...poolReads(connection),
    ...assignmentReads(connection),
  };
}
