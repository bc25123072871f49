/** The queries of seat snapshots: what each change left of the holdings that it touched. */

import type { CustomerId, ProductType } from '@seatledger/contract';
import { sql } from 'kysely';
import type {
  LedgerReads,
  LedgerStore,
  ListedSnapshot,
  RecordedSnapshot,
  SeatSnapshot,
} from '../../ledger/ports.ts';
import type { Timeline } from '../../ledger/seats.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { type HoldingKey, keyIn } from './holdingKey.ts';

type SnapshotRow = Schema['seat_snapshots'];

const insertSnapshot = statement<
  HoldingKey & { sequence: number; timeline: string; assigned: number },
  unknown
>((db, { partnerId, customerId, productType, sequence, timeline, assigned }) =>
  db.insertInto('seat_snapshots').values({
    partner_id: partnerId,
    customer_id: customerId,
    product_type: productType,
    sequence,
    timeline,
    assigned,
  }),
);

const deleteSnapshotsAfter = statement<HoldingKey & { sequence: number }, unknown>(
  (db, { partnerId, customerId, productType, sequence }) =>
    db
      .deleteFrom('seat_snapshots')
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('product_type', '=', productType)
      .where('sequence', '>', sequence),
);

const currentSnapshot = statement<
  HoldingKey,
  Pick<SnapshotRow, 'assigned' | 'timeline'> & { recordedBy: number }
>((db, { partnerId, customerId, productType }) =>
  db
    .selectFrom('seat_snapshots')
    .select(['timeline', 'assigned'])
    .select((the) =>
      the
        .selectFrom('partners')
        .select('head_recorded_at')
        .where('partner_id', '=', partnerId)
        .as('recordedBy'),
    )
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId)
    .where('product_type', '=', productType)
    .orderBy('sequence', 'desc')
    .limit(sql.lit(1)),
);

const lastSnapshot = statement<HoldingKey, SnapshotRow>((db, { partnerId, customerId, productType }) =>
  db
    .selectFrom('seat_snapshots')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId)
    .where('product_type', '=', productType)
    .orderBy('sequence', 'desc')
    .limit(sql.lit(1)),
);

interface ChangeFacts {
  recordedAt: number;
  actor: string;
  reason: string | null;
}
type RecordedRow = Pick<SnapshotRow, 'assigned' | 'sequence' | 'timeline'> & {
  kind: string;
} & { [Name in keyof ChangeFacts]: ChangeFacts[Name] | null };

/**
 * Snapshots of a holding with the event that they are of: those after one event and up to another, or the last. A change of one holding
 * ends with that event, and comes along by the same key; others are looked up.
 */
function recordedSnapshots(order: 'first' | 'last') {
  return statement<HoldingKey & { after: number; through: number; limit: number }, RecordedRow>(
    (db, { partnerId, customerId, productType, after, through, limit }) =>
      db
        .selectFrom('seat_snapshots as snapshot')
        .innerJoin('events as event', (join) =>
          join
            .onRef('event.partner_id', '=', 'snapshot.partner_id')
            .onRef('event.sequence', '=', 'snapshot.sequence'),
        )
        .leftJoin('changes as change', (join) =>
          join
            .onRef('change.partner_id', '=', 'snapshot.partner_id')
            .onRef('change.last_sequence', '=', 'snapshot.sequence'),
        )
        .select([
          'snapshot.timeline',
          'snapshot.assigned',
          'snapshot.sequence',
          'event.kind',
          'change.recorded_at as recordedAt',
          'change.actor',
          'change.reason',
        ])
        .where('snapshot.partner_id', '=', partnerId)
        .where('snapshot.customer_id', '=', customerId)
        .where('snapshot.product_type', '=', productType)
        .where('snapshot.sequence', '>', after)
        .where('snapshot.sequence', '<=', through)
        .orderBy('snapshot.sequence', order === 'last' ? 'desc' : 'asc')
        .limit(limit),
  );
}

/** A change's events follow one another, so the one that an event is of is the first that does not end before it. */
const changeOfEvent = statement<{ partnerId: number; sequence: number }, ChangeFacts>(
  (db, { partnerId, sequence }) =>
    db
      .selectFrom('changes')
      .select(['recorded_at as recordedAt', 'actor', 'reason'])
      .where('partner_id', '=', partnerId)
      .where('last_sequence', '>=', sequence)
      .orderBy('last_sequence')
      .limit(sql.lit(1)),
);

const snapshotsBetween = recordedSnapshots('first');
const snapshotThrough = recordedSnapshots('last');

type ListedRow = Schema['seat_snapshots'] & { organization: string; recorded_at: number };
type ListParameters = HoldingKey & { ofProductType: number; throughSequence: number; limit: number };

/** The last snapshot up to an event of each holding after the one named, of one customer or all and of one product or all. */
function listSnapshots({ ofCustomer, ofProduct }: { ofCustomer: boolean; ofProduct: boolean }) {
  return statement<ListParameters, ListedRow>(
    (db, { partnerId, customerId, productType, ofProductType, throughSequence, limit }) => {
      const listed = db
        .selectFrom('seat_snapshots as snapshot')
        .selectAll('snapshot')
        // Looked up for the rows of the page alone: no engine can think of joining the whole estate.
        .select((the) => [
          the
            .selectFrom('customers as customer')
            .select('customer.organization')
            .whereRef('customer.partner_id', '=', 'snapshot.partner_id')
            .whereRef('customer.customer_id', '=', 'snapshot.customer_id')
            .as('organization'),
          // A change's events follow one another, so the one that an event is of is the first that does not end before it.
          the
            .selectFrom('changes as change')
            .select('change.recorded_at')
            .whereRef('change.partner_id', '=', 'snapshot.partner_id')
            .whereRef('change.last_sequence', '>=', 'snapshot.sequence')
            .orderBy('change.last_sequence')
            .limit(sql.lit(1))
            .as('recorded_at'),
        ])
        .where('snapshot.partner_id', '=', partnerId)
        .where('snapshot.sequence', '=', (the) =>
          the
            .selectFrom('seat_snapshots as later')
            .select(({ fn }) => fn.max<number>('later.sequence').as('sequence'))
            .whereRef('later.partner_id', '=', 'snapshot.partner_id')
            .whereRef('later.customer_id', '=', 'snapshot.customer_id')
            .whereRef('later.product_type', '=', 'snapshot.product_type')
            .where('later.sequence', '<=', throughSequence),
        )
        .orderBy('snapshot.customer_id')
        .orderBy('snapshot.product_type')
        .limit(limit);
      const ofOneProduct = ofProduct ? listed.where('snapshot.product_type', '=', ofProductType) : listed;
      return ofCustomer
        ? ofOneProduct
            .where('snapshot.customer_id', '=', customerId)
            .where('snapshot.product_type', '>', productType)
        : ofOneProduct.where((the) =>
            the(
              the.refTuple('snapshot.customer_id', 'snapshot.product_type'),
              '>',
              the.tuple(customerId, productType),
            ),
          );
    },
  );
}

const listed = {
  all: listSnapshots({ ofCustomer: false, ofProduct: false }),
  ofProduct: listSnapshots({ ofCustomer: false, ofProduct: true }),
  ofCustomer: listSnapshots({ ofCustomer: true, ofProduct: false }),
  ofCustomerAndProduct: listSnapshots({ ofCustomer: true, ofProduct: true }),
};

/** Before every customer id and product type. */
const beforeAll = { customerId: '', productType: -1 };

type SnapshotStore = Pick<LedgerStore, 'deleteSnapshotsAfter' | 'insertSnapshots' | 'lastSnapshotsOf'>;

export function snapshotStore(connection: Connection): SnapshotStore {
  return {
    lastSnapshotsOf: async (partnerId, holdings) =>
      (await connection.allOfMany(lastSnapshot, holdings.map(keyIn(partnerId)))).map(snapshotFromRow),
    insertSnapshots: (partnerId, snapshots) =>
      connection.runMany(
        insertSnapshot,
        snapshots.map((snapshot) => ({
          ...keyIn(partnerId)(snapshot),
          sequence: snapshot.sequence,
          timeline: JSON.stringify(snapshot.timeline),
          assigned: snapshot.assigned,
        })),
      ),
    deleteSnapshotsAfter: (partnerId, sequence, holdings) =>
      connection.runMany(
        deleteSnapshotsAfter,
        holdings.map((holding) => ({ ...keyIn(partnerId)(holding), sequence })),
      ),
  };
}

type SnapshotReads = Pick<
  LedgerReads,
  'currentSnapshot' | 'listSnapshots' | 'snapshotThrough' | 'snapshotsBetween'
>;

export function snapshotReads(connection: Connection): SnapshotReads {
  async function withChanges(
    partnerId: number,
    rows: readonly RecordedRow[],
  ): Promise<readonly RecordedSnapshot[]> {
    const apart = rows.filter(({ recordedAt }) => recordedAt === null);
    const changes = await connection.allOfMany(
      changeOfEvent,
      apart.map(({ sequence }) => ({ partnerId, sequence })),
    );
    const bySequence = new Map(apart.map(({ sequence }, index) => [sequence, changes[index]]));
    return rows.map((row) => recordedFromRow(row, bySequence.get(row.sequence)));
  }

  return {
    async snapshotThrough(partnerId, holding, through) {
      const window = { ...keyIn(partnerId)(holding), after: 0, through, limit: 1 };
      const [snapshot] = await withChanges(partnerId, await connection.all(snapshotThrough, window));
      return snapshot;
    },
    snapshotsBetween: async (partnerId, holding, { after, through }, limit) =>
      withChanges(
        partnerId,
        await connection.all(snapshotsBetween, { ...keyIn(partnerId)(holding), after, through, limit }),
      ),
    async currentSnapshot(partnerId, customerId, productType) {
      const row = await connection.first(currentSnapshot, { partnerId, customerId, productType });
      return row === undefined
        ? undefined
        : { timeline: timelineFromRow(row.timeline), assigned: row.assigned, recordedBy: row.recordedBy };
    },
    async listSnapshots(partnerId, { customers, productType, throughSequence, after }, limit) {
      const from = after ?? beforeAll;
      const page = { partnerId, ...from, ofProductType: productType ?? 0, throughSequence };
      if (customers === 'all') {
        const rows = await connection.all(productType === null ? listed.all : listed.ofProduct, {
          ...page,
          limit,
        });
        return rows.map(listedFromRow);
      }
      const ofCustomer = productType === null ? listed.ofCustomer : listed.ofCustomerAndProduct;
      const rows: ListedRow[] = [];
      for (const customerId of customers.toSorted()) {
        if (customerId < from.customerId) continue;
        if (rows.length === limit) break;
        const position =
          customerId === from.customerId ? from : { customerId, productType: beforeAll.productType };
        rows.push(
          ...(await connection.all(ofCustomer, { ...page, ...position, limit: limit - rows.length })),
        );
      }
      return rows.map(listedFromRow);
    },
  };
}

function snapshotFromRow(row: SnapshotRow): SeatSnapshot {
  return {
    customerId: row.customer_id as CustomerId,
    productType: row.product_type as ProductType,
    timeline: timelineFromRow(row.timeline),
    assigned: row.assigned,
    sequence: row.sequence,
  };
}

function listedFromRow(row: ListedRow): ListedSnapshot {
  return { ...snapshotFromRow(row), organization: row.organization, recordedAt: row.recorded_at };
}

function recordedFromRow(
  { timeline, assigned, sequence, kind, recordedAt, actor, reason }: RecordedRow,
  apart: ChangeFacts | undefined,
): RecordedSnapshot {
  const change = recordedAt === null || actor === null ? apart : { recordedAt, actor, reason };
  if (change === undefined) throw new Error(`event ${sequence} belongs to no change`);
  return { ...change, timeline: timelineFromRow(timeline), assigned, sequence, kind };
}

function timelineFromRow(text: string): Timeline {
  return JSON.parse(text) as Timeline;
}
