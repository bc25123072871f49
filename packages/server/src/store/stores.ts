/** The ports of all domains on one connection. */

import type { EstateReads, EstateStore } from '../estate/ports.ts';
import type { IdentityReads, IdentityStore } from '../identity/ports.ts';
import type { LedgerReads, LedgerStore } from '../ledger/ports.ts';
import type { RecordReads, RecordStore } from '../record/ports.ts';
import type { Connection } from './connection.ts';
import { estateReads, estateStore } from './queries/estate.ts';
import { identityReads, identityStore } from './queries/identity.ts';
import { ledgerReads, ledgerStore } from './queries/ledger.ts';
import { recordReads, recordStore } from './queries/record.ts';

/** What a change works on, inside its transaction. */
export interface Stores {
  readonly estate: EstateStore;
  readonly identity: IdentityStore;
  readonly ledger: LedgerStore;
  readonly record: RecordStore;
}

/** What answers are read from, outside of one. */
export interface Reads {
  readonly estate: EstateReads;
  readonly identity: IdentityReads;
  readonly ledger: LedgerReads;
  readonly record: RecordReads;
}

export function storesOn(connection: Connection): Stores {
  return {
    estate: estateStore(connection),
    identity: identityStore(connection),
    ledger: ledgerStore(connection),
    record: recordStore(connection),
  };
}

export function readsOn(connection: Connection): Reads {
  return {
    estate: estateReads(connection),
    identity: identityReads(connection),
    ledger: ledgerReads(connection),
    record: recordReads(connection),
  };
}
