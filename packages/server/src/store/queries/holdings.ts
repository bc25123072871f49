/** The queries of many holdings: their snapshots as they were after an event, and what a list shows of them besides. */

import type { CustomerId } from '@seatledger/contract';
import { type ExpressionBuilder, sql } from 'kysely';
import type { HeldSnapshot, HoldingPlace, LedgerReads, SnapshotFilter } from '../../ledger/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { changesOfEvents } from './changesOfEvents.ts';
import { membersAmong } from './groups.ts';
import type { HoldingKey } from './holdingKey.ts';
import { snapshotFromRow, type SnapshotRow } from './snapshots.ts';

/** A change of one holding ends with its event, and the instant comes along by the same key; of others it is null. */
type HeldRow = SnapshotRow & { recorded_at: number | null };
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

type PageParameters = HoldingKey & { ofProductType: number; limit: number };

/** The last snapshot of each holding after the one named. */
const heldNow = statement<PageParameters, HeldRow>((db, { partnerId, customerId, productType, limit }) =>
  db
    .selectFrom('holdings as held')
    .select(heldColumns)
    .select(instantOfChange)
    .where('held.partner_id', '=', partnerId)
    .where((the) =>
      the(the.refTuple('held.customer_id', 'held.product_type'), '>', the.tuple(customerId, productType)),
    )
    .orderBy('held.customer_id')
    .orderBy('held.product_type')
    .limit(limit),
);

/**
 * The same of one product. Its keys are read first: they are all in the index of products, so that every engine takes that, and walks past
 * no other product.
 */
const heldNowOfProduct = statement<PageParameters, HeldRow>(
  (db, { partnerId, customerId, productType, ofProductType, limit }) =>
    db
      .selectFrom((the) =>
        the
          .selectFrom('holdings as key')
          .select(['key.partner_id', 'key.customer_id', 'key.product_type'])
          .where('key.partner_id', '=', partnerId)
          .where('key.product_type', '=', ofProductType)
          .where('key.customer_id', '>=', customerId)
          .where((of) =>
            of.or([of('key.customer_id', '>', customerId), of('key.product_type', '>', productType)]),
          )
          .orderBy('key.customer_id')
          .limit(limit)
          .as('found'),
      )
      .innerJoin('holdings as held', (join) =>
        join
          .onRef('held.partner_id', '=', 'found.partner_id')
          .onRef('held.customer_id', '=', 'found.customer_id')
          .onRef('held.product_type', '=', 'found.product_type'),
      )
      .select(heldColumns)
      .select(instantOfChange)
      .orderBy('held.customer_id'),
);

/** The last snapshot of each holding of a customer, after one of its products; of one product or all. It is as few as there are products. */
function heldOfCustomer({ ofProduct }: { ofProduct: boolean }) {
  return statement<Omit<PageParameters, 'limit'>, HeldRow>(
    (db, { partnerId, customerId, productType, ofProductType }) => {
      const held = db
        .selectFrom('holdings as held')
        .select(heldColumns)
        .select(instantOfChange)
        .where('held.partner_id', '=', partnerId)
        .where('held.customer_id', '=', customerId)
        .where('held.product_type', '>', productType)
        .orderBy('held.product_type');
      return ofProduct ? held.where('held.product_type', '=', ofProductType) : held;
    },
  );
}

type ThroughParameters = PageParameters & {
  throughCustomerId: string;
  throughProductType: number;
  throughSequence: number;
};

/** The last snapshot up to an event of each of the holdings after the one named and through another. Who was not there yet has none. */
function heldThrough({ ofProduct }: { ofProduct: boolean }) {
  return statement<ThroughParameters, HeldRow>((db, the) =>
    db
      .selectFrom((of) => {
        const keys = of
          .selectFrom('holdings as key')
          .select(['key.partner_id', 'key.customer_id', 'key.product_type'])
          .where('key.partner_id', '=', the.partnerId)
          .where('key.customer_id', '>=', the.customerId)
          .where('key.customer_id', '<=', the.throughCustomerId)
          .where((key) => {
            const place = key.refTuple('key.customer_id', 'key.product_type');
            return key.and([
              key(place, '>', key.tuple(the.customerId, the.productType)),
              key(place, '<=', key.tuple(the.throughCustomerId, the.throughProductType)),
            ]);
          })
          .orderBy('key.customer_id')
          .orderBy('key.product_type')
          .limit(the.limit);
        return (ofProduct ? keys.where('key.product_type', '=', the.ofProductType) : keys).as('found');
      })
      .innerJoin('seat_snapshots as held', (join) =>
        join
          .onRef('held.partner_id', '=', 'found.partner_id')
          .onRef('held.customer_id', '=', 'found.customer_id')
          .onRef('held.product_type', '=', 'found.product_type')
          .on('held.sequence', '=', (of) =>
            of
              .selectFrom('seat_snapshots as later')
              .select(({ fn }) => fn.max<number>('later.sequence').as('sequence'))
              .whereRef('later.partner_id', '=', 'found.partner_id')
              .whereRef('later.customer_id', '=', 'found.customer_id')
              .whereRef('later.product_type', '=', 'found.product_type')
              .where('later.sequence', '<=', the.throughSequence),
          ),
      )
      .select(heldColumns)
      .select(instantOfChange)
      .orderBy('held.customer_id')
      .orderBy('held.product_type'),
  );
}

const ofAnyProduct = {
  now: heldNow,
  ofCustomer: heldOfCustomer({ ofProduct: false }),
  through: heldThrough({ ofProduct: false }),
};
const ofOneProduct: typeof ofAnyProduct = {
  now: heldNowOfProduct,
  ofCustomer: heldOfCustomer({ ofProduct: true }),
  through: heldThrough({ ofProduct: true }),
};

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

/** Before every product type. */
const beforeProducts = -1;
const beforeAll: HoldingPlace = { customerId: '', productType: beforeProducts };
/** How many holdings are put back one by one; where more have changed since, they are read as they were. */
const putBackMax = 50;
/** How many customers a step looks at at most, where not all are. */
const customersAtOnce = 100;

/** Rows, and where they were read to; null where that is the end. */
interface Step {
  readonly rows: readonly HeldRow[];
  readonly reached: HoldingPlace | null;
}

export function holdingReads(
  connection: Connection,
): Pick<LedgerReads, 'describeSnapshots' | 'lastTermBy' | 'snapshotStep'> {
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
  ): Promise<Step> {
    const source = productType === null ? ofAnyProduct : ofOneProduct;
    const page = { partnerId, ...(after ?? beforeAll), ofProductType: productType ?? 0, limit };
    const held = await connection.all(source.now, page);
    const last = held.at(-1);
    if (last === undefined) return { rows: [], reached: null };
    const place = { customerId: last.customer_id, productType: last.product_type };
    const isOfNow = held.filter(({ sequence }) => sequence > throughSequence).length <= putBackMax;
    const rows = isOfNow
      ? await putBack(partnerId, held, throughSequence)
      : await connection.all(source.through, {
          ...page,
          throughCustomerId: place.customerId,
          throughProductType: place.productType,
          throughSequence,
        });
    return { rows, reached: held.length < limit ? null : place };
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

  async function ofCustomers(partnerId: number, filter: SnapshotFilter, limit: number): Promise<Step> {
    const { productType, throughSequence, after } = filter;
    const from = after ?? beforeAll;
    const source = productType === null ? ofAnyProduct : ofOneProduct;
    const atOnce = Math.min(customersAtOnce, limit);
    const { ids, next } = await customersFrom(partnerId, filter, from.customerId, atOnce);
    const keys = ids.map((customerId) => ({
      partnerId,
      customerId,
      productType: customerId === from.customerId ? from.productType : beforeProducts,
      ofProductType: productType ?? 0,
    }));
    const held = await connection.allOfMany(source.ofCustomer, keys);
    return {
      rows: await putBack(partnerId, held, throughSequence),
      reached: next === null ? null : { customerId: next, productType: beforeProducts },
    };
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
    async snapshotStep(partnerId, filter, limit) {
      const isOfAll = filter.customers === 'all' && filter.groupId === null;
      const { rows, reached } = await (isOfAll ? ofAll : ofCustomers)(partnerId, filter, limit);
      return { snapshots: rows.map(heldFromRow), reached };
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
