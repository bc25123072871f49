/** Makes the ledger anew from the events of its record: pools, lines, assignments and every snapshot. */

import type { RecordedChange, RecordedEvent } from '../record/index.ts';
import type { SeatState } from './assignments.ts';
import { HoldingsAtWork } from './holdings.ts';
import { lineFromState, type LineState } from './lineState.ts';
import { poolFromState, type PoolState } from './pools.ts';
import type {
  AssignmentStore,
  Holding,
  LedgerStore,
  Pool,
  PoolStore,
  SeatSnapshot,
  SubscriptionLine,
} from './ports.ts';

/** How many events of lines are applied at once. */
const eventsAtOnce = 1000;

interface ReplayStores {
  readonly ledger: LedgerStore;
  readonly pools: PoolStore;
  readonly assignments: AssignmentStore;
}

interface LineEvent {
  readonly before: SubscriptionLine | null;
  readonly after: SubscriptionLine;
}

interface SeatShift {
  readonly holding: Holding;
  assigned: number;
  sequence: number;
}

export class LedgerReplay {
  readonly #stores: ReplayStores;
  readonly #partnerId: number;
  #lineEvents: LineEvent[] = [];
  readonly #shifts = new Map<string, SeatShift>();

  constructor(stores: ReplayStores, partnerId: number) {
    this.#stores = stores;
    this.#partnerId = partnerId;
  }

  /** Takes in one event of a change; false where it is not one of the ledger. */
  async take(event: RecordedEvent, change: RecordedChange): Promise<boolean> {
    const { kind } = event;
    const { pools } = this.#stores;
    switch (kind) {
      case 'pool.added':
        await pools.insertPool(this.#partnerId, poolOf(event));
        return true;
      case 'pool.changed':
      case 'pool.ended':
        await pools.updatePool(this.#partnerId, poolOf(event));
        return true;
      case 'line.added':
      case 'line.changed':
      case 'line.ended':
        await this.#takeLine(event, change);
        return true;
      case 'seat.assigned':
        await this.#takeSeat(event, stateOf(event, event.after) as SeatState, 1);
        return true;
      case 'seat.released':
        await this.#takeSeat(event, stateOf(event, event.before) as SeatState, -1);
        return true;
      case 'user.erased':
        return true;
      default:
        return false;
    }
  }

  /** Leaves the snapshots of the change. */
  async close(change: RecordedChange): Promise<void> {
    await this.#applyLines(change);
    const shifts = [...this.#shifts.values()];
    this.#shifts.clear();
    const snapshots: SeatSnapshot[] = [];
    for (const { holding, assigned, sequence } of shifts) {
      const [last] = await this.#stores.ledger.lastSnapshotsOf(this.#partnerId, [holding]);
      snapshots.push({
        ...holding,
        timeline: last?.timeline ?? [],
        sources: last?.sources ?? [],
        assigned: (last?.assigned ?? 0) + assigned,
        sequence,
      });
    }
    await this.#stores.ledger.insertSnapshots(this.#partnerId, snapshots);
  }

  async #takeLine(event: RecordedEvent, change: RecordedChange): Promise<void> {
    const { subject, sequence } = event;
    const lineOf = (text: string | null) =>
      lineFromState(Number(subject), sequence, stateOf(event, text) as LineState);
    const after = lineOf(event.after);
    const before = event.before === null ? null : lineOf(event.before);
    for (const [line, sign] of [[before, -1] as const, [after, 1] as const]) {
      if (line === null || line.poolId === null) continue;
      await this.#stores.pools.occupy(this.#partnerId, line.poolId, { ...line, seats: sign * line.seats });
    }
    if (this.#lineEvents.push({ before, after }) === eventsAtOnce) await this.#applyLines(change);
  }

  async #applyLines({ firstSequence }: RecordedChange): Promise<void> {
    const events = this.#lineEvents;
    this.#lineEvents = [];
    if (events.length === 0) return;
    const holdings = new HoldingsAtWork(this.#stores.ledger, {
      partnerId: this.#partnerId,
      continuedAfter: firstSequence - 1,
    });
    await holdings.load(events.flatMap(({ before, after }) => (before === null ? [after] : [before, after])));
    for (const { before, after } of events) {
      if (before === null) holdings.add(after);
      else holdings.replace(before, after);
    }
    await holdings.store();
  }

  async #takeSeat(
    event: RecordedEvent,
    { customerId, productType, userId }: SeatState,
    sign: 1 | -1,
  ): Promise<void> {
    const holding = { customerId, productType };
    const { assignments } = this.#stores;
    if (sign === 1) {
      await assignments.keepUser(this.#partnerId, customerId, userId);
      await assignments.insertAssignments(this.#partnerId, [
        { ...holding, userId, assignedSequence: event.sequence },
      ]);
    } else {
      await assignments.deleteAssignments(this.#partnerId, holding, [userId]);
    }
    const key = `${customerId} ${holding.productType}`;
    const shift = this.#shifts.get(key) ?? { holding, assigned: 0, sequence: 0 };
    shift.assigned += sign;
    shift.sequence = event.sequence;
    this.#shifts.set(key, shift);
  }
}

function poolOf(event: RecordedEvent): Pool {
  return poolFromState(Number(event.subject), event.sequence, stateOf(event, event.after) as PoolState);
}

/** The events of a kind have states of one form. */
function stateOf({ sequence }: RecordedEvent, text: string | null): unknown {
  if (text === null) throw new Error(`event ${sequence} does not say what it was about`);
  return JSON.parse(text);
}
