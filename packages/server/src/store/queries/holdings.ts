/** The queries of many holdings: their snapshots as they were after an event, and what a list shows of them besides. */

import type { CustomerId } from '@seatledger/contract';
import { type ExpressionBuilder, sql } from 'kysely';
import type { HeldSnapshot, LedgerReads, SnapshotFilter } from '../../ledger/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { changesOfEvents } from './changesOfEvents.ts';
import { membersAmong } from './groups.ts';
import type { HoldingKey } from './holdingKey.ts';
import { snapshotFromRow, type SnapshotRow } from './snapshots.ts';

/** A change of one holding ends with its event, and the instant comes along by the same key; of others it is null. */
type HeldRow = SnapshotRow & { recorded_at: number | null };
type ListParameters = HoldingKey & { ofProductType: number; limit: number };

type HeldTable = Schema['seat_snapshots'];

const heldColumns = [
  'held.customer_id',
  'held.product_type',
  'held.sequence',
  'held.timeline',
  'held.sources',
  'held.assigned',
] as const;

/** Looked up for the rows that are given alone: no engine can think of joining the whole record. */
function instantOfChange(the: ExpressionBuilder<Schema & { held: HeldTable }, 'held'>) {
  return the
    .selectFrom('changes as change')
    .select('change.recorded_at')
    .whereRef('change.partner_id', '=', 'held.partner_id')
    .whereRef('change.last_sequence', '=', 'held.sequence')
    .as('recorded_at');
}

/** The last snapshot of each holding after the one named, of one customer or all and of one product or all. */
function heldNow({ ofCustomer, ofProduct }: { ofCustomer: boolean; ofProduct: boolean }) {
  return statement<ListParameters, HeldRow>(
    (db, { partnerId, customerId, productType, ofProductType, limit }) => {
      const held = db
        .selectFrom('holdings as held')
        .select(heldColumns)
        .select(instantOfChange)
        .where('held.partner_id', '=', partnerId)
        .orderBy('held.customer_id')
        .orderBy('held.product_type')
        .limit(limit);
      const ofOneProduct = ofProduct ? held.where('held.product_type', '=', ofProductType) : held;
      return ofCustomer
        ? ofOneProduct.where('held.customer_id', '=', customerId).where('held.product_type', '>', productType)
        : ofOneProduct.where((the) =>
            the(
              the.refTuple('held.customer_id', 'held.product_type'),
              '>',
              the.tuple(customerId, productType),
            ),
          );
    },
  );
}

const now = {
  all: heldNow({ ofCustomer: false, ofProduct: false }),
  ofProduct: heldNow({ ofCustomer: false, ofProduct: true }),
  ofCustomer: heldNow({ ofCustomer: true, ofProduct: false }),
  ofCustomerAndProduct: heldNow({ ofCustomer: true, ofProduct: true }),
};

/** The last snapshot up to an event of each holding after the one named, of one product or all. */
function heldThrough({ ofProduct }: { ofProduct: boolean }) {
  return statement<ListParameters & { throughSequence: number }, HeldRow>(
    (db, { partnerId, customerId, productType, ofProductType, throughSequence, limit }) => {
      const held = db
        .selectFrom('seat_snapshots as held')
        .select(heldColumns)
        .select(instantOfChange)
        .where('held.partner_id', '=', partnerId)
        .where('held.sequence', '=', (the) =>
          the
            .selectFrom('seat_snapshots as later')
            .select(({ fn }) => fn.max<number>('later.sequence').as('sequence'))
            .whereRef('later.partner_id', '=', 'held.partner_id')
            .whereRef('later.customer_id', '=', 'held.customer_id')
            .whereRef('later.product_type', '=', 'held.product_type')
            .where('later.sequence', '<=', throughSequence),
        )
        .where((the) =>
          the(the.refTuple('held.customer_id', 'held.product_type'), '>', the.tuple(customerId, productType)),
        )
        .orderBy('held.customer_id')
        .orderBy('held.product_type')
        .limit(limit);
      return ofProduct ? held.where('held.product_type', '=', ofProductType) : held;
    },
  );
}

const through = { all: heldThrough({ ofProduct: false }), ofProduct: heldThrough({ ofProduct: true }) };

/** The last snapshot of one holding up to an event. */
const lastThrough = statement<HoldingKey & { throughSequence: number }, HeldRow>(
  (db, { partnerId, customerId, productType, throughSequence }) =>
    db
      .selectFrom('seat_snapshots as held')
      .select(heldColumns)
      .select(instantOfChange)
      .where('held.partner_id', '=', partnerId)
      .where('held.customer_id', '=', customerId)
      .where('held.product_type', '=', productType)
      .where('held.sequence', '<=', throughSequence)
      .orderBy('held.sequence', 'desc')
      .limit(sql.lit(1)),
);

type MemberRow = { customer_id: string };

const membersFrom = statement<{ partnerId: number; groupId: number; from: string; limit: number }, MemberRow>(
  (db, { partnerId, groupId, from, limit }) =>
    db
      .selectFrom('group_members')
      .select('customer_id')
      .where('partner_id', '=', partnerId)
      .where('group_id', '=', groupId)
      .where('customer_id', '>=', from)
      .orderBy('customer_id')
      .limit(limit),
);

type NameRow = Pick<Schema['customers'], 'customer_id' | 'organization'>;

const namesBetween = statement<{ partnerId: number; from: string; to: string; limit: number }, NameRow>(
  (db, { partnerId, from, to, limit }) =>
    db
      .selectFrom('customers')
      .select(['customer_id', 'organization'])
      .where('partner_id', '=', partnerId)
      .where('customer_id', '>=', from)
      .where('customer_id', '<=', to)
      .orderBy('customer_id')
      .limit(limit),
);

const nameOf = statement<{ partnerId: number; customerId: string }, NameRow>(
  (db, { partnerId, customerId }) =>
    db
      .selectFrom('customers')
      .select(['customer_id', 'organization'])
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId),
);

const lastTermBy = statement<{ partnerId: number; at: number }, { at: number }>((db, { partnerId, at }) =>
  db
    .selectFrom('term_instants')
    .select('at')
    .where('partner_id', '=', partnerId)
    .where('at', '<=', at)
    .orderBy('at', 'desc')
    .limit(sql.lit(1)),
);

/** Before every customer id and product type. */
const beforeAll = { customerId: '', productType: -1 };
/** How many holdings of a page are put back one by one to what they were; where more have changed since, the page is read as it was. */
const putBackMax = 50;
/** How many customers are asked for at once, where not all are. */
const customersAtOnce = 100;

type Position = typeof beforeAll;

export function holdingReads(
  connection: Connection,
): Pick<LedgerReads, 'describeSnapshots' | 'lastTermBy' | 'listSnapshots'> {
  /** The rows as they were after the event; what was not there yet is left out. */
  async function putBack(
    partnerId: number,
    rows: readonly HeldRow[],
    throughSequence: number,
  ): Promise<readonly HeldRow[]> {
    const later = rows.filter(({ sequence }) => sequence > throughSequence);
    if (later.length === 0) return rows;
    const earlier = await connection.allOfMany(
      lastThrough,
      later.map((row) => ({
        partnerId,
        customerId: row.customer_id,
        productType: row.product_type,
        throughSequence,
      })),
    );
    const byKey = new Map(earlier.map((row) => [keyOf(row), row]));
    return rows.flatMap((row) => (row.sequence > throughSequence ? (byKey.get(keyOf(row)) ?? []) : row));
  }

  async function ofAll(
    partnerId: number,
    { productType, throughSequence, after }: SnapshotFilter,
    limit: number,
  ): Promise<readonly HeldRow[]> {
    const name = productType === null ? 'all' : 'ofProduct';
    const rows: HeldRow[] = [];
    let from: Position = after ?? beforeAll;
    for (;;) {
      const asked = limit - rows.length;
      const page = { partnerId, ...from, ofProductType: productType ?? 0, limit: asked };
      const held = await connection.all(now[name], page);
      if (held.filter(({ sequence }) => sequence > throughSequence).length > putBackMax)
        return [...rows, ...(await connection.all(through[name], { ...page, throughSequence }))];
      rows.push(...(await putBack(partnerId, held, throughSequence)));
      const last = held.at(-1);
      if (last === undefined || held.length < asked || rows.length === limit) return rows;
      from = { customerId: last.customer_id, productType: last.product_type };
    }
  }

  /** So many of the customers from one on, and the one that comes next; null where there is none. */
  async function customersFrom(
    partnerId: number,
    { customers, groupId }: SnapshotFilter,
    from: string,
    limit: number,
  ): Promise<{ ids: readonly string[]; next: string | null }> {
    if (customers === 'all') {
      if (groupId === null) throw new Error('all customers are read by the key of their holdings');
      const rows = await connection.all(membersFrom, { partnerId, groupId, from, limit: limit + 1 });
      const ids = rows.map(({ customer_id }) => customer_id);
      return { ids: ids.slice(0, limit), next: ids[limit] ?? null };
    }
    const index = indexOf(customers, from);
    const ids = customers.slice(index, index + limit);
    return {
      ids: groupId === null ? ids : await membersAmong(connection, partnerId, groupId, ids),
      next: customers[index + limit] ?? null,
    };
  }

  async function ofCustomers(
    partnerId: number,
    filter: SnapshotFilter,
    limit: number,
  ): Promise<readonly HeldRow[]> {
    const { productType, throughSequence, after } = filter;
    const from: Position = after ?? beforeAll;
    const source = productType === null ? now.ofCustomer : now.ofCustomerAndProduct;
    const rows: HeldRow[] = [];
    let next: string | null = from.customerId;
    while (next !== null && rows.length < limit) {
      const page = await customersFrom(partnerId, filter, next, Math.min(customersAtOnce, limit));
      const keys = page.ids.map((customerId) => ({
        partnerId,
        customerId,
        productType: customerId === from.customerId ? from.productType : beforeAll.productType,
        ofProductType: productType ?? 0,
        limit,
      }));
      rows.push(...(await putBack(partnerId, await connection.allOfMany(source, keys), throughSequence)));
      ({ next } = page);
    }
    return rows.slice(0, limit);
  }

  async function namesOf(
    partnerId: number,
    customers: readonly CustomerId[],
  ): Promise<ReadonlyMap<string, string>> {
    const [from, to] = [customers[0], customers.at(-1)];
    if (from === undefined || to === undefined) return new Map();
    // Neighbours mostly: one read has them. Where others lie between, it is not read to its end.
    const between = { partnerId, from, to, limit: 2 * customers.length };
    const names = new Map(
      (await connection.all(namesBetween, between)).map((row) => [row.customer_id, row.organization]),
    );
    const missing = customers.filter((customerId) => !names.has(customerId));
    const rows = await connection.allOfMany(
      nameOf,
      missing.map((customerId) => ({ partnerId, customerId })),
    );
    for (const row of rows) names.set(row.customer_id, row.organization);
    return names;
  }

  return {
    async listSnapshots(partnerId, filter, limit) {
      const isOfAll = filter.customers === 'all' && filter.groupId === null;
      return (await (isOfAll ? ofAll : ofCustomers)(partnerId, filter, limit)).map(heldFromRow);
    },
    async describeSnapshots(partnerId, snapshots) {
      const customers = [...new Set(snapshots.map(({ customerId }) => customerId))].toSorted();
      const apart = snapshots.filter((snapshot) => snapshot.recordedAt === null);
      const [names, changes] = await Promise.all([
        namesOf(partnerId, customers),
        changesOfEvents(
          connection,
          partnerId,
          apart.map(({ sequence }) => sequence),
        ),
      ]);
      return snapshots.map((snapshot) => {
        const { sequence, customerId } = snapshot;
        const organization = names.get(customerId);
        const recordedAt = snapshot.recordedAt ?? changes.get(sequence)?.recordedAt;
        if (organization === undefined || recordedAt === undefined)
          throw new Error(`a holding of ${customerId} is of no customer, or of no change`);
        return { ...snapshot, organization, recordedAt };
      });
    },
    async lastTermBy(partnerId, at) {
      return (await connection.first(lastTermBy, { partnerId, at }))?.at;
    },
  };
}

/** Where the customer is, or would be, in the order of their ids. */
function indexOf(customers: readonly CustomerId[], customerId: string): number {
  let [low, high] = [0, customers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((customers[middle] ?? '') < customerId) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOf({ customer_id, product_type }: HeldRow): string {
  return `${customer_id} ${product_type}`;
}

function heldFromRow(row: HeldRow): HeldSnapshot {
  return { ...snapshotFromRow(row), recordedAt: row.recorded_at };
}
