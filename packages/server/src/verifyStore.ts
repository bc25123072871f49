/** Proves that a store is what its record says: every link of every chain, and every row by replaying the events. */

import { type Partner, replayEstate } from './estate/index.ts';
import { type AppStates, appStateText, replayApps } from './identity/index.ts';
import { LedgerReplay } from './ledger/index.ts';
import { type Head, type RecordVisitor, verifyChain } from './record/index.ts';
import type { Connection } from './store/connection.ts';
import { type Reads, readsOn, type Stores, storesOn } from './store/stores.ts';
import { insertRows, tableRows, type TableRow, tables } from './store/tables.ts';
import { withScratchStore } from './wholeStore.ts';

export interface PartnerVerification {
  readonly partner: string;
  /** The end of the chain, where it is whole. */
  readonly head: Head | undefined;
  /** What is wrong, in a sentence; undefined where nothing is. */
  readonly broken: string | undefined;
  /** Whether the head that was asked for is a link of this chain. */
  readonly hasHead: boolean;
}

/** Tables that are made anew from events. The addresses of users and the secrets of apps are on no record. */
const replayedTables: ReadonlySet<string> = new Set([
  'customers',
  'tenants',
  'customer_groups',
  'group_members',
  'pools',
  'pool_steps',
  'lines',
  'assignments',
  'seat_snapshots',
  'holdings',
  'term_instants',
]);

/** Verifies every partner of the store, which is read at one moment. `head` is a hash that somebody noted earlier. */
export async function* verifyStore(
  connection: Connection,
  { head }: { head: string | undefined },
): AsyncGenerator<PartnerVerification, undefined> {
  const reads = readsOn(connection);
  for (const partner of await reads.estate.partners()) {
    yield await withScratchStore((scratch) => verifyPartner({ connection, scratch, partner, head }));
  }
  return undefined;
}

async function verifyPartner({
  connection,
  scratch,
  partner,
  head,
}: {
  connection: Connection;
  scratch: Connection;
  partner: Partner;
  head: string | undefined;
}): Promise<PartnerVerification> {
  const { partnerId, name } = partner;
  const reads = readsOn(connection);
  let hasHead = false;
  const replay = await openReplay(scratch, connection, partnerId);
  let failure: string | undefined;
  const chain = await verifyChain(reads.record, partnerId, {
    event: (event, change) => attempt(() => replay.event(event, change)),
    async change(change) {
      if (change.hash === head) hasHead = true;
      await attempt(() => replay.change(change));
    },
  });

  /** A record that is forged can say what the tables refuse; that is a finding, and the chain is read on. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    if (failure !== undefined) return;
    try {
      await work();
    } catch (error) {
      failure = `the record cannot be replayed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  const found = { partner: name, hasHead };
  if (!chain.whole)
    return { ...found, head: undefined, broken: `at event ${chain.sequence}, ${chain.reason}` };
  const broken =
    failure ??
    (await differingTable(connection, scratch, partnerId)) ??
    (await differingApp(replay.apps, reads, partnerId));
  return { ...found, head: chain.head, broken };
}

interface Replay extends RecordVisitor {
  readonly apps: AppStates;
}

async function openReplay(scratch: Connection, connection: Connection, partnerId: number): Promise<Replay> {
  const [partners] = tables;
  if (partners === undefined) throw new Error('the partners are the first of the tables');
  for await (const row of tableRows(connection, partners, partnerId))
    await insertRows(scratch, partners, [row]);
  const stores: Stores = storesOn(scratch);
  const ledger = new LedgerReplay(stores, partnerId);
  const apps: AppStates = new Map();
  return {
    apps,
    async event(event, change) {
      const isTaken =
        (await replayEstate(stores.estate, partnerId, event)) ||
        replayApps(apps, event) ||
        (await ledger.take(event, change));
      if (!isTaken) throw new Error(`event ${event.sequence} is of no kind that there is`);
    },
    change: (change) => ledger.close(change),
  };
}

/** The first row that is not what the replay says. */
async function differingTable(
  connection: Connection,
  scratch: Connection,
  partnerId: number,
): Promise<string | undefined> {
  for (const table of tables.filter(({ table: name }) => replayedTables.has(name))) {
    const replayed = tableRows(scratch, table, partnerId);
    for await (const row of tableRows(connection, table, partnerId)) {
      const expected = (await replayed.next()).value;
      if (expected === undefined || textOf(row) !== textOf(expected))
        return `the row ${keyOf(row, table.key)} of ${table.table} is not what the record says`;
    }
    const missing = (await replayed.next()).value;
    if (missing !== undefined) return `the row ${keyOf(missing, table.key)} of ${table.table} is missing`;
  }
  return undefined;
}

async function differingApp(
  replayed: AppStates,
  { identity }: Reads,
  partnerId: number,
): Promise<string | undefined> {
  const left = new Map(replayed);
  for (const app of await identity.appsOf(partnerId)) {
    if (left.get(app.clientId) !== appStateText(app))
      return `the app ${app.clientId} is not what the record says`;
    left.delete(app.clientId);
  }
  const [missing] = left.keys();
  return missing === undefined ? undefined : `the app ${missing} is missing`;
}

/** The names of columns are in the order of the table for both. */
function textOf(row: TableRow): string {
  return JSON.stringify(Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function keyOf(row: TableRow, key: readonly string[]): string {
  return key
    .slice(1)
    .map((column) => String(row[column]))
    .join(' ');
}
