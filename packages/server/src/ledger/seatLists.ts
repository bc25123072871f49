/**
 * Lists of the seats of many holdings at a moment: a page by their key, a page by one of their numbers, or all of them.
 *
 * However many holdings there are, no more of them are in memory than are read at once, and twice a page. What is read in several steps
 * is of one piece: a moment's past never changes.
 */

import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import type { Moment } from '../record/index.ts';
import type {
  HeldSnapshot,
  Holding,
  HoldingPlace,
  LedgerReads,
  ListedSnapshot,
  SnapshotFilter,
} from './ports.ts';
import { countSeats, purchasedOn, type SeatCount } from './seats.ts';
import { sourcesOn } from './sources.ts';

export interface SeatsOfHolding extends Holding, SeatCount {
  readonly organization: string;
  /** The sources of the active lines; see `sourcesOn`. */
  readonly sources: readonly string[];
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

export interface SeatFilter extends Pick<SnapshotFilter, 'customers' | 'groupId' | 'productType'> {
  /** Only where fewer seats than so many are available. */
  readonly availableBelow: number | null;
  /** Only where less than this part of the purchased seats is available: see `hasShareBelow`. */
  readonly availableShareBelow: number | null;
}

/** By which number, from the smallest or from the largest on; those that are equal in it by customer and product. */
export interface SeatOrder {
  readonly by: keyof SeatCount;
  readonly isDescending: boolean;
}

/** Where a page by a number ended. */
export interface RankedPosition extends Holding {
  readonly value: number;
}

/**
 * How many holdings are looked at in one step. Reads of a data folder are synchronous beneath, so others have their turn after each step,
 * whether it found something or not; and as often is looked whether the answer is still wanted.
 */
const rowsAtOnce = 500;

/** A database reads what comes next while what came is told. */
const wholeWalk = { firstStep: rowsAtOnce, readsAhead: true };

interface Counted {
  readonly snapshot: HeldSnapshot;
  readonly count: SeatCount;
}

export function seatLists(ledger: LedgerReads) {
  /** The holdings after a place that pass the filter, a batch for each step. It ends with an error once `unwanted` is aborted. */
  async function* countedAfter(
    partnerId: number,
    { moment: { sequence, at }, filter, after }: Reading,
    { firstStep, readsAhead }: { firstStep: number; readsAhead: boolean },
    unwanted: AbortSignal,
  ): AsyncGenerator<readonly Counted[], undefined> {
    const stepAfter = (place: HoldingPlace | null, limit: number) =>
      ledger.snapshotStep(
        partnerId,
        {
          customers: filter.customers,
          groupId: filter.groupId,
          productType: filter.productType,
          throughSequence: sequence,
          after: place,
        },
        limit,
      );
    let reading = stepAfter(after, firstStep);
    for (;;) {
      const { snapshots, reached } = await reading;
      const ahead = reached === null || !readsAhead ? undefined : stepAfter(reached, rowsAtOnce);
      // Where it fails, who waits for it is told; nobody may wait any more.
      ahead?.catch(() => undefined);
      const counted: Counted[] = [];
      for (const snapshot of snapshots) {
        const count = countSeats(purchasedOn(snapshot.timeline, at), snapshot.assigned);
        if (passes(count, filter)) counted.push({ snapshot, count });
      }
      yield counted;
      if (reached === null) return undefined;
      await othersHadTheirTurn();
      unwanted.throwIfAborted();
      reading = ahead ?? stepAfter(reached, rowsAtOnce);
    }
  }

  async function described(
    partnerId: number,
    counted: readonly Counted[],
    at: number,
  ): Promise<readonly SeatsOfHolding[]> {
    const snapshots = counted.map(({ snapshot }) => snapshot);
    return (await ledger.describeSnapshots(partnerId, snapshots)).map((snapshot) => seatsOf(snapshot, at));
  }

  return {
    /** So many of those after a holding, by customer and product. */
    async page(
      partnerId: number,
      reading: Reading,
      limit: number,
      unwanted: AbortSignal,
    ): Promise<readonly SeatsOfHolding[]> {
      const found: Counted[] = [];
      const steps = { firstStep: isOpen(reading.filter) ? limit : rowsAtOnce, readsAhead: false };
      for await (const counted of countedAfter(partnerId, reading, steps, unwanted)) {
        found.push(...counted);
        if (found.length >= limit) break;
      }
      return described(partnerId, found.slice(0, limit), reading.moment.at);
    },

    /** So many of those after a position, by a number. Every holding is looked at for it. */
    async rankedPage(
      partnerId: number,
      {
        moment,
        filter,
        order,
        after,
      }: Omit<Reading, 'after'> & { order: SeatOrder; after: RankedPosition | null },
      limit: number,
      unwanted: AbortSignal,
    ): Promise<readonly SeatsOfHolding[]> {
      const compare = comparing(order);
      const best: Ranked[] = [];
      let worst: Ranked | undefined;
      const reading = { moment, filter, after: null };
      for await (const counted of countedAfter(partnerId, reading, wholeWalk, unwanted)) {
        for (const { snapshot, count } of counted) {
          const { customerId, productType } = snapshot;
          const ranked = { value: count[order.by], customerId, productType, snapshot, count };
          if (after !== null && compare(ranked, after) <= 0) continue;
          if (worst !== undefined && compare(ranked, worst) >= 0) continue;
          if (best.push(ranked) < 2 * limit) continue;
          best.sort(compare);
          best.length = limit;
          worst = best.at(-1);
        }
      }
      best.sort(compare);
      return described(partnerId, best.slice(0, limit), moment.at);
    },

    /** All of them, in batches as they are read, by customer and product. It ends with an error once `unwanted` is aborted. */
    async *all(
      partnerId: number,
      reading: Omit<Reading, 'after'>,
      unwanted: AbortSignal,
    ): AsyncGenerator<readonly SeatsOfHolding[], undefined> {
      for await (const counted of countedAfter(partnerId, { ...reading, after: null }, wholeWalk, unwanted)) {
        yield await described(partnerId, counted, reading.moment.at);
      }
      return undefined;
    },
  };
}

interface Reading {
  readonly moment: Moment;
  readonly filter: SeatFilter;
  /** Only those after this holding. */
  readonly after: Holding | null;
}

interface Ranked extends Counted, RankedPosition {}

export function seatsOf(snapshot: ListedSnapshot, at: number): SeatsOfHolding {
  const { purchased, assigned, available } = countSeats(
    purchasedOn(snapshot.timeline, at),
    snapshot.assigned,
  );
  return {
    customerId: snapshot.customerId,
    productType: snapshot.productType,
    organization: snapshot.organization,
    purchased,
    assigned,
    available,
    sources: sourcesOn(snapshot.sources, at),
    sequence: snapshot.sequence,
    recordedAt: snapshot.recordedAt,
  };
}

function isOpen({ availableBelow, availableShareBelow }: SeatFilter): boolean {
  return availableBelow === null && availableShareBelow === null;
}

function passes(count: SeatCount, { availableBelow, availableShareBelow }: SeatFilter): boolean {
  return (
    (availableBelow === null || count.available < availableBelow) &&
    (availableShareBelow === null || hasShareBelow(count, availableShareBelow))
  );
}

/**
 * Whether less than this part of the purchased seats is available. Where nothing is purchased there is no part: a deficit is below
 * any, and no seat of none is below none.
 */
function hasShareBelow({ purchased, available }: SeatCount, share: number): boolean {
  // A quotient is rounded once, as the share was when it was read: 7 of 70 is not below 0.1. A product would be rounded again.
  return purchased === 0 ? available < 0 : available / purchased < share;
}

function comparing({ isDescending }: SeatOrder): (one: RankedPosition, other: RankedPosition) => number {
  const sign = isDescending ? -1 : 1;
  return (one, other) => {
    if (one.value !== other.value) return sign * (one.value - other.value);
    if (one.customerId !== other.customerId) return one.customerId < other.customerId ? -1 : 1;
    return one.productType - other.productType;
  };
}
