/**
 * How seats came to be what they are: the series of one holding, and the difference of the whole estate, between two moments.
 *
 * Two things change a number: a change on record, and a term that begins or ends. Both are told, in the order in which they took effect.
 * A moment's past never changes, so what is read in several steps is of one piece.
 */

import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import { causesListedMax } from '@seatledger/contract';
import { firstMoment, type Moment, type RecordReads } from '../record/index.ts';
import type {
  HeldSnapshot,
  Holding,
  HoldingPlace,
  LedgerReads,
  RecordedSnapshot,
  SeatSnapshot,
  SnapshotFilter,
  SnapshotStep,
} from './ports.ts';
import { countSeats, purchasedOn, type SeatCount, type Timeline } from './seats.ts';

/** Why a number changed. */
export type SeatCause =
  | { readonly kind: 'term_ended' | 'term_started' }
  | {
      readonly kind: 'recorded';
      readonly sequence: number;
      /** The kind of the event, for example `line.added`. */
      readonly event: string;
      readonly actor: string;
      readonly reason: string | null;
    };

/** From this instant on, and to the next point, the numbers are these. */
export interface SeatPoint extends SeatCount {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Null for the point that a series begins with. */
  readonly cause: SeatCause | null;
}

export interface SeatDifference extends Holding {
  readonly organization: string;
  readonly before: SeatCount;
  readonly after: SeatCount;
  /** Why, at most `causesListedMax` of them, in order; `causeCount` counts all. */
  readonly causes: readonly SeatPoint[];
  readonly causeCount: number;
}

export interface Period {
  readonly from: Moment;
  readonly to: Moment;
}

/**
 * How many holdings are looked at in one step. Reads of a data folder are synchronous beneath, so others have their turn after each step;
 * and as often is looked whether the answer is still wanted.
 */
const rowsAtOnce = 100;
/** How many changes of one holding are read at once; nothing else has to be looked up for them. */
const snapshotsAtOnce = 200;

export type History = ReturnType<typeof readHistory>;

/** What there is to tell comes in batches, as it is read. It ends with an error once `unwanted` is aborted: whole estates are not read for nobody. */
export function readHistory({ ledger, record }: { ledger: LedgerReads; record: RecordReads }) {
  async function* pointsAfter(
    partnerId: number,
    holding: Holding,
    { from, to }: Period,
    { first, unwanted }: { first: Snapshot | undefined; unwanted: AbortSignal },
  ): AsyncGenerator<readonly SeatPoint[], undefined> {
    let timeline: Timeline = first?.timeline ?? [];
    let count = countOn(first, from.at);
    let reachedAt = from.at;
    let points: SeatPoint[] = [{ at: from.at, ...count, cause: null }];
    const readAfter = (sequence: number) =>
      ledger.snapshotsBetween(partnerId, holding, { after: sequence, through: to.sequence }, snapshotsAtOnce);
    let reading = readAfter(from.sequence);
    for (;;) {
      const snapshots = await reading;
      const last = snapshots.length < snapshotsAtOnce ? undefined : snapshots.at(-1);
      // A database reads what comes next while what came is told.
      if (last !== undefined) {
        reading = readAfter(last.sequence);
        // Where it fails, who waits for it is told; nobody may wait any more.
        reading.catch(() => undefined);
      }
      for (const snapshot of snapshots) {
        const recordedAt = Math.max(snapshot.recordedAt, reachedAt);
        // A term that ends at the instant of a change ends before it: the change is not why.
        for (const point of termPoints(timeline, count, { after: reachedAt, through: recordedAt })) {
          count = point;
          points.push(point);
        }
        ({ timeline } = snapshot);
        const next = countOn(snapshot, recordedAt);
        if (!isSame(count, next)) points.push({ at: recordedAt, ...next, cause: causeOf(snapshot) });
        count = next;
        reachedAt = recordedAt;
      }
      if (last === undefined) break;
      yield points;
      points = [];
      await goOn(unwanted);
    }
    yield [...points, ...termPoints(timeline, count, { after: reachedAt, through: to.at })];
    return undefined;
  }

  return {
    /** The numbers at the first moment, and a point for each change of them up to the second. */
    async *series(
      partnerId: number,
      holding: Holding,
      period: Period,
      unwanted: AbortSignal,
    ): AsyncGenerator<readonly SeatPoint[], undefined> {
      const first = await ledger.snapshotThrough(partnerId, holding, period.from.sequence);
      yield* pointsAfter(partnerId, holding, period, { first, unwanted });
      return undefined;
    },

    /** The moment with which the partner's record begins. */
    beginning: (partnerId: number) => firstMoment(record, partnerId),

    /** Every holding whose numbers differ between the two moments, by customer id and product type. */
    async *differences(
      partnerId: number,
      { from, to }: Period,
      filter: Pick<SnapshotFilter, 'customers' | 'productType'>,
      unwanted: AbortSignal,
    ): AsyncGenerator<readonly SeatDifference[], undefined> {
      let after: HoldingPlace | null = null;
      for (;;) {
        const page: SnapshotFilter = { ...filter, groupId: null, after, throughSequence: to.sequence };
        const step: SnapshotStep = await ledger.snapshotStep(partnerId, page, rowsAtOnce);
        const found: { row: HeldSnapshot; before: SeatCount; after: SeatCount; why: Why }[] = [];
        for (const row of step.snapshots) {
          const first =
            row.sequence <= from.sequence ? row : await ledger.snapshotThrough(partnerId, row, from.sequence);
          const counts = { before: countOn(first, from.at), after: countOn(row, to.at) };
          if (isSame(counts.before, counts.after)) continue;
          const why = await causesOf(pointsAfter(partnerId, row, { from, to }, { first, unwanted }));
          found.push({ row, ...counts, why });
          // Each of them may have as many changes as are read at once.
          await goOn(unwanted);
        }
        const described = await ledger.describeSnapshots(
          partnerId,
          found.map(({ row }) => row),
        );
        yield found.map(({ row, before, after: then, why }, index) => ({
          customerId: row.customerId,
          productType: row.productType,
          organization: described[index]?.organization ?? '',
          before,
          after: then,
          ...why,
        }));
        if (step.reached === null) return undefined;
        after = step.reached;
        await goOn(unwanted);
      }
    },
  };
}

type Snapshot = Pick<SeatSnapshot, 'assigned' | 'timeline'>;

function countOn(snapshot: Snapshot | undefined, at: number): SeatCount {
  return countSeats(purchasedOn(snapshot?.timeline ?? [], at), snapshot?.assigned ?? 0);
}

async function goOn(unwanted: AbortSignal): Promise<void> {
  await othersHadTheirTurn();
  unwanted.throwIfAborted();
}

type Why = Pick<SeatDifference, 'causeCount' | 'causes'>;

async function causesOf(batches: AsyncIterable<readonly SeatPoint[]>): Promise<Why> {
  const causes: SeatPoint[] = [];
  let causeCount = 0;
  for await (const points of batches) {
    for (const point of points) {
      if (point.cause === null) continue;
      causeCount++;
      if (causes.length < causesListedMax) causes.push(point);
    }
  }
  return { causes, causeCount };
}

/** The points that terms make by beginning and ending, after one instant and up to another. */
function termPoints(
  timeline: Timeline,
  count: SeatCount,
  { after, through }: { after: number; through: number },
): readonly SeatPoint[] {
  const points: SeatPoint[] = [];
  let { purchased } = count;
  for (const [at, seats] of timeline) {
    if (at <= after) continue;
    if (at > through) break;
    if (seats === purchased) continue;
    const kind = seats > purchased ? 'term_started' : 'term_ended';
    points.push({ at, ...countSeats(seats, count.assigned), cause: { kind } });
    purchased = seats;
  }
  return points;
}

function causeOf({ sequence, kind, actor, reason }: RecordedSnapshot): SeatCause {
  return { kind: 'recorded', sequence, event: kind, actor, reason };
}

function isSame(one: SeatCount, other: SeatCount): boolean {
  return one.purchased === other.purchased && one.assigned === other.assigned;
}
