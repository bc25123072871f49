/** The queries of seat snapshots: what each change left of the holdings that it touched. */

import type { CustomerId, ProductType } from '@seatledger/contract';
import type { LedgerReads, LedgerStore, RecordedSnapshot, SeatSnapshot } from '../../ledger/ports.ts';
import type { Timeline } from '../../ledger/seats.ts';
import type { SourceSpan } from '../../ledger/sources.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { type ChangeFacts, changesOfEvents } from './changesOfEvents.ts';
import { type HoldingKey, keyIn } from './holdingKey.ts';

export type SnapshotRow = Omit<Schema['seat_snapshots'], 'partner_id'>;
type NewSnapshot = HoldingKey & { sequence: number; timeline: string; sources: string; assigned: number };

const insertSnapshot = statement<NewSnapshot, unknown>((db, snapshot) =>
  db.insertInto('seat_snapshots').values({
    partner_id: snapshot.partnerId,
    customer_id: snapshot.customerId,
    product_type: snapshot.productType,
    sequence: snapshot.sequence,
    timeline: snapshot.timeline,
    sources: snapshot.sources,
    assigned: snapshot.assigned,
  }),
);

const putHolding = statement<NewSnapshot, unknown>((db, snapshot) =>
  db
    .insertInto('holdings')
    .values({
      partner_id: snapshot.partnerId,
      customer_id: snapshot.customerId,
      product_type: snapshot.productType,
      sequence: snapshot.sequence,
      timeline: snapshot.timeline,
      sources: snapshot.sources,
      assigned: snapshot.assigned,
    })
    .onConflict((conflict) =>
      conflict.columns(['partner_id', 'customer_id', 'product_type']).doUpdateSet((the) => ({
        sequence: the.ref('excluded.sequence'),
        timeline: the.ref('excluded.timeline'),
        sources: the.ref('excluded.sources'),
        assigned: the.ref('excluded.assigned'),
      })),
    ),
);

const keepInstant = statement<{ partnerId: number; at: number }, unknown>((db, { partnerId, at }) =>
  db
    .insertInto('term_instants')
    .values({ partner_id: partnerId, at })
    .onConflict((conflict) => conflict.doNothing()),
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

/** A holding that was never given seats is looked for among the customers: those have none, others are not there. */
const currentHolding = statement<
  HoldingKey,
  { recordedBy: number; timeline: string | null; assigned: number | null; customerId: string | null }
>((db, { partnerId, customerId, productType }) =>
  db
    .selectFrom('partners as partner')
    .leftJoin('holdings as holding', (join) =>
      join
        .onRef('holding.partner_id', '=', 'partner.partner_id')
        .on('holding.customer_id', '=', customerId)
        .on('holding.product_type', '=', productType),
    )
    .select(['partner.head_recorded_at as recordedBy', 'holding.timeline', 'holding.assigned'])
    .select((the) =>
      the
        .selectFrom('customers')
        .select('customer_id')
        .where('partner_id', '=', partnerId)
        .where('customer_id', '=', customerId)
        .where('holding.timeline', 'is', null)
        .as('customerId'),
    )
    .where('partner.partner_id', '=', partnerId),
);

const lastSnapshot = statement<HoldingKey, SnapshotRow>((db, { partnerId, customerId, productType }) =>
  db
    .selectFrom('holdings')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId)
    .where('product_type', '=', productType),
);

type RecordedRow = Pick<SnapshotRow, 'assigned' | 'sequence' | 'sources' | 'timeline'> & {
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
          'snapshot.sources',
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

const snapshotsBetween = recordedSnapshots('first');
const snapshotThrough = recordedSnapshots('last');

type SnapshotStore = Pick<
  LedgerStore,
  'deleteSnapshotsAfter' | 'insertSnapshots' | 'keepInstants' | 'lastSnapshotsOf'
>;

export function snapshotStore(connection: Connection): SnapshotStore {
  return {
    lastSnapshotsOf: async (partnerId, holdings) =>
      (await connection.allOfMany(lastSnapshot, holdings.map(keyIn(partnerId)))).map(snapshotFromRow),
    async insertSnapshots(partnerId, snapshots) {
      const rows = snapshots.map((snapshot) => ({
        ...keyIn(partnerId)(snapshot),
        sequence: snapshot.sequence,
        timeline: JSON.stringify(snapshot.timeline),
        sources: JSON.stringify(snapshot.sources),
        assigned: snapshot.assigned,
      }));
      await connection.runMany(insertSnapshot, rows);
      await connection.runMany(putHolding, rows);
    },
    keepInstants: (partnerId, instants) =>
      connection.runMany(
        keepInstant,
        instants.map((at) => ({ partnerId, at })),
      ),
    deleteSnapshotsAfter: (partnerId, sequence, holdings) =>
      connection.runMany(
        deleteSnapshotsAfter,
        holdings.map((holding) => ({ ...keyIn(partnerId)(holding), sequence })),
      ),
  };
}

type SnapshotReads = Pick<LedgerReads, 'currentHolding' | 'snapshotThrough' | 'snapshotsBetween'>;

export function snapshotReads(connection: Connection): SnapshotReads {
  async function withChanges(
    partnerId: number,
    rows: readonly RecordedRow[],
  ): Promise<readonly RecordedSnapshot[]> {
    const apart = rows.filter(({ recordedAt }) => recordedAt === null).map(({ sequence }) => sequence);
    const changes = await changesOfEvents(connection, partnerId, apart);
    return rows.map((row) => recordedFromRow(row, changes.get(row.sequence)));
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
    async currentHolding(partnerId, customerId, productType) {
      const row = await connection.firstByKey(currentHolding, { partnerId, customerId, productType });
      if (row === undefined) return undefined;
      const { recordedBy, timeline, assigned } = row;
      if (timeline !== null)
        return { timeline: timelineFromRow(timeline), assigned: assigned ?? 0, recordedBy };
      return row.customerId === null ? undefined : { timeline: [], assigned: 0, recordedBy };
    },
  };
}

export function snapshotFromRow(row: SnapshotRow): SeatSnapshot {
  return {
    customerId: row.customer_id as CustomerId,
    productType: row.product_type as ProductType,
    timeline: timelineFromRow(row.timeline),
    sources: sourcesFromRow(row.sources),
    assigned: row.assigned,
    sequence: row.sequence,
  };
}

function recordedFromRow(
  { timeline, sources, assigned, sequence, kind, recordedAt, actor, reason }: RecordedRow,
  apart: ChangeFacts | undefined,
): RecordedSnapshot {
  const change = recordedAt === null || actor === null ? apart : { recordedAt, actor, reason };
  if (change === undefined) throw new Error(`event ${sequence} belongs to no change`);
  return {
    recordedAt: change.recordedAt,
    actor: change.actor,
    reason: change.reason,
    timeline: timelineFromRow(timeline),
    sources: sourcesFromRow(sources),
    assigned,
    sequence,
    kind,
  };
}

/** Neighbours often have the same text, as an import gives many lines one term: it is not read twice in succession. */
function knowingLast<Value>(read: (text: string) => Value): (text: string) => Value {
  let last: { readonly text: string; readonly value: Value } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) };
    return last.value;
  };
}

const timelineFromRow = knowingLast((text) => JSON.parse(text) as Timeline);
const sourcesFromRow = knowingLast((text) => JSON.parse(text) as readonly SourceSpan[]);
