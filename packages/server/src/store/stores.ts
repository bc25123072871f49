/** The ports of all domains on one connection. */

import type { EstateReads, EstateStore } from '../estate/ports.ts';
import type { IdentityReads, IdentityStore } from '../identity/ports.ts';
import type { AssignmentStore, LedgerReads, LedgerStore, PoolStore } from '../ledger/ports.ts';
import type { Locks, RecordReads, RecordStore } from '../record/ports.ts';
import type { Connection } from './connection.ts';
import { estateReads, estateStore } from './queries/estate.ts';
import { credentialReads } from './queries/credentials.ts';
import { identityReads, identityStore } from './queries/identity.ts';
import { ledgerReads, ledgerStore } from './queries/ledger.ts';
import { locksOf } from './queries/locks.ts';
import { recordReads, recordStore } from './queries/record.ts';

/** What a change works on, inside its transaction. */
export interface Stores {
  readonly estate: EstateStore;
  readonly identity: IdentityStore;
  readonly ledger: LedgerStore;
  readonly pools: PoolStore;
  readonly assignments: AssignmentStore;
  readonly record: RecordStore;
  readonly locks: Locks;
}

/** What answers are read from, outside of one. */
export interface Reads {
  readonly estate: EstateReads;
  readonly identity: IdentityReads;
  readonly ledger: LedgerReads;
  readonly record: RecordReads;
}

export function storesOn(connection: Connection): Stores {
  const ledger = ledgerStore(connection);
  return {
    estate: estateStore(connection),
    identity: identityStore(connection),
    ledger,
    pools: ledger,
    assignments: ledger,
    record: recordStore(connection),
    locks: locksOf(connection),
  };
}

export function readsOn(connection: Connection): Reads {
  return {
    estate: estateReads(connection),
    identity: { ...identityReads(connection), ...credentialReads(connection) },
    ledger: ledgerReads(connection),
    record: recordReads(connection),
  };
}
