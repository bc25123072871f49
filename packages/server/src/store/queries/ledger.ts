/** The queries of the ledger: lines, assignments and snapshots. */

import type { CustomerId, LicenceType, ProductType } from '@seatledger/contract';
import { type Selectable, sql } from 'kysely';
import type {
  Holding,
  LedgerReads,
  LedgerStore,
  LinePosition,
  ListedSnapshot,
  SeatSnapshot,
  SubscriptionLine,
} from '../../ledger/ports.ts';
import type { Timeline } from '../../ledger/seats.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';

type LineRow = Selectable<Schema['lines']>;
type HoldingKey = { partnerId: number; customerId: string; productType: number };

const linesOfHolding = statement<HoldingKey, LineRow>((db, { partnerId, customerId, productType }) =>
  db
    .selectFrom('lines')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId)
    .where('product_type', '=', productType),
);

const lineOfExternalId = statement<{ partnerId: number; externalId: string }, LineRow>(
  (db, { partnerId, externalId }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('external_id', '=', externalId),
);

const linesAfter = statement<HoldingKey & { lineId: number; limit: number }, LineRow>(
  (db, { partnerId, customerId, productType, lineId, limit }) =>
    db
      .selectFrom('lines')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where((the) =>
        the(
          the.refTuple('customer_id', 'product_type', 'line_id'),
          '>',
          the.tuple(customerId, productType, lineId),
        ),
      )
      .orderBy('customer_id')
      .orderBy('product_type')
      .orderBy('line_id')
      .limit(limit),
);

const insertLine = statement<LineRow, unknown>((db, row) =>
  db.insertInto('lines').values({
    partner_id: row.partner_id,
    customer_id: row.customer_id,
    product_type: row.product_type,
    line_id: row.line_id,
    resource: row.resource,
    seats: row.seats,
    starts_at: row.starts_at,
    start_given: row.start_given,
    expires_at: row.expires_at,
    source: row.source,
    external_id: row.external_id,
    licence_type: row.licence_type,
    changed_sequence: row.changed_sequence,
  }),
);

const deleteLine = statement<HoldingKey & { lineId: number }, unknown>(
  (db, { partnerId, customerId, productType, lineId }) =>
    db
      .deleteFrom('lines')
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('product_type', '=', productType)
      .where('line_id', '=', lineId),
);

const countAssigned = statement<HoldingKey, { assigned: number }>(
  (db, { partnerId, customerId, productType }) =>
    db
      .selectFrom('assignments')
      .select((the) => the.fn.countAll<number>().as('assigned'))
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('product_type', '=', productType),
);

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

const currentSnapshot = statement<HoldingKey, { timeline: string; assigned: number }>(
  (db, { partnerId, customerId, productType }) =>
    db
      .selectFrom('seat_snapshots')
      .select(['timeline', 'assigned'])
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('product_type', '=', productType)
      .orderBy('sequence', 'desc')
      .limit(sql.lit(1)),
);

type ListedRow = Schema['seat_snapshots'] & { organization: string; recorded_at: number };
type ListParameters = HoldingKey & { ofProductType: number; throughSequence: number; limit: number };

/** The last snapshot up to an event of each holding after the one named, of one customer or all and of one product or all. */
function listSnapshots({ ofCustomer, ofProduct }: { ofCustomer: boolean; ofProduct: boolean }) {
  return statement<ListParameters, ListedRow>(
    (db, { partnerId, customerId, productType, ofProductType, throughSequence, limit }) => {
      const listed = db
        .selectFrom('seat_snapshots as snapshot')
        .innerJoin('customers as customer', (join) =>
          join
            .onRef('customer.partner_id', '=', 'snapshot.partner_id')
            .onRef('customer.customer_id', '=', 'snapshot.customer_id'),
        )
        // A change's events follow one another, so the one that an event is of is the first that does not end before it.
        .innerJoin('changes as change', (join) =>
          join.onRef('change.partner_id', '=', 'snapshot.partner_id').on('change.last_sequence', '=', (the) =>
            the
              .selectFrom('changes as ending')
              .select(({ fn }) => fn.min<number>('ending.last_sequence').as('sequence'))
              .whereRef('ending.partner_id', '=', 'snapshot.partner_id')
              .whereRef('ending.last_sequence', '>=', 'snapshot.sequence'),
          ),
        )
        .selectAll('snapshot')
        .select(['customer.organization', 'change.recorded_at'])
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

export function ledgerStore(connection: Connection): LedgerStore {
  return {
    linesOf: async (partnerId, holdings) =>
      (await connection.allOfMany(linesOfHolding, holdings.map(keyIn(partnerId)))).map(lineFromRow),
    linesByExternalId: async (partnerId, externalIds) =>
      (
        await connection.allOfMany(
          lineOfExternalId,
          externalIds.map((externalId) => ({ partnerId, externalId })),
        )
      ).map(lineFromRow),
    linesAfter: async (partnerId, after, limit) => {
      const { customerId, productType } = after ?? beforeAll;
      const lineId = after?.lineId ?? 0;
      return (await connection.all(linesAfter, { partnerId, customerId, productType, lineId, limit })).map(
        lineFromRow,
      );
    },
    insertLines: (partnerId, lines) =>
      connection.runMany(
        insertLine,
        lines.map((line) => lineToRow(partnerId, line)),
      ),
    deleteLines: (partnerId, lines) =>
      connection.runMany(
        deleteLine,
        lines.map((line: LinePosition) => ({ ...keyIn(partnerId)(line), lineId: line.lineId })),
      ),
    assignedOf: async (partnerId, holdings) =>
      (await connection.allOfMany(countAssigned, holdings.map(keyIn(partnerId)))).map(
        ({ assigned }) => assigned,
      ),
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

export function ledgerReads(connection: Connection): LedgerReads {
  return {
    async currentSnapshot(partnerId, customerId, productType) {
      const row = await connection.first(currentSnapshot, { partnerId, customerId, productType });
      return row === undefined
        ? undefined
        : { timeline: timelineFromRow(row.timeline), assigned: row.assigned };
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

function keyIn(partnerId: number): (holding: Holding) => HoldingKey {
  return ({ customerId, productType }) => ({ partnerId, customerId, productType });
}

function lineFromRow(row: LineRow): SubscriptionLine {
  return {
    customerId: row.customer_id as CustomerId,
    productType: row.product_type as ProductType,
    lineId: row.line_id,
    resource: row.resource,
    seats: row.seats,
    startsAt: row.starts_at,
    startGiven: row.start_given === 1,
    expiresAt: row.expires_at,
    source: row.source,
    externalId: row.external_id,
    licenceType: row.licence_type as LicenceType,
    changedSequence: row.changed_sequence,
  };
}

function lineToRow(partnerId: number, line: SubscriptionLine): LineRow {
  return {
    partner_id: partnerId,
    customer_id: line.customerId,
    product_type: line.productType,
    line_id: line.lineId,
    resource: line.resource,
    seats: line.seats,
    starts_at: line.startsAt,
    start_given: line.startGiven ? 1 : 0,
    expires_at: line.expiresAt,
    source: line.source,
    external_id: line.externalId,
    licence_type: line.licenceType,
    changed_sequence: line.changedSequence,
  };
}

function listedFromRow(row: ListedRow): ListedSnapshot {
  const snapshot: SeatSnapshot = {
    customerId: row.customer_id as CustomerId,
    productType: row.product_type as ProductType,
    timeline: timelineFromRow(row.timeline),
    assigned: row.assigned,
    sequence: row.sequence,
  };
  return { ...snapshot, organization: row.organization, recordedAt: row.recorded_at };
}

function timelineFromRow(text: string): Timeline {
  return JSON.parse(text) as Timeline;
}
