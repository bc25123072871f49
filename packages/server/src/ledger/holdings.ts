/** The lines of some holdings while a change works on them, and the snapshots that the change leaves of them. */

import type { CustomerId } from '@seatledger/contract';
import type { Holding, LedgerStore, SeatSnapshot, SubscriptionLine } from './ports.ts';
import { timelineOf } from './seats.ts';
import { sourceSpansOf } from './sources.ts';

/**
 * How many lines one customer can have of one product, the ended ones too. An answer looks at all of their terms, so their number
 * bounds what it costs.
 */
export const linesOfHoldingMax = 1000;

interface HeldLines extends Holding {
  readonly lines: Map<number, SubscriptionLine>;
  /** What is assigned of it. */
  assigned: number;
  /** The event of its last snapshot before it was loaded; 0 where there was none. */
  snapshotSequence: number;
  /** The last event that concerned the holding since it was loaded; null where none did. */
  touchedSequence: number | null;
}

export class HoldingsAtWork {
  readonly #ledger: LedgerStore;
  readonly #partnerId: number;
  /** The last event before the change, where an earlier part of it may have left snapshots; else null. */
  readonly #continuedAfter: number | null;
  readonly #held = new Map<string, HeldLines>();
  readonly #replaced: SubscriptionLine[] = [];
  readonly #written = new Map<number, SubscriptionLine>();
  readonly #instants = new Set<number>();

  constructor(
    ledger: LedgerStore,
    { partnerId, continuedAfter }: { partnerId: number; continuedAfter: number | null },
  ) {
    this.#ledger = ledger;
    this.#partnerId = partnerId;
    this.#continuedAfter = continuedAfter;
  }

  /** Loads the lines of those of the holdings that are not loaded yet. Those of customers that are new have none. */
  async load(holdings: readonly Holding[], newCustomers: ReadonlySet<CustomerId> = new Set()): Promise<void> {
    const wanted: HeldLines[] = [];
    for (const { customerId, productType } of holdings) {
      const key = keyOf({ customerId, productType });
      if (this.#held.has(key)) continue;
      const held: HeldLines = {
        customerId,
        productType,
        lines: new Map(),
        assigned: 0,
        snapshotSequence: 0,
        touchedSequence: null,
      };
      this.#held.set(key, held);
      if (!newCustomers.has(customerId)) wanted.push(held);
    }
    const snapshots = await this.#ledger.lastSnapshotsOf(this.#partnerId, wanted);
    for (const snapshot of snapshots) {
      const held = this.#heldBy(snapshot);
      held.assigned = snapshot.assigned;
      held.snapshotSequence = snapshot.sequence;
    }
    // Every line left a snapshot: where there is none, there are no lines.
    for (const line of await this.#ledger.linesOf(this.#partnerId, snapshots)) {
      this.#heldBy(line).lines.set(line.lineId, line);
    }
  }

  /** The lines of a loaded holding as the change has left them so far. */
  linesOf(holding: Holding): { readonly size: number; values(): Iterable<SubscriptionLine> } {
    return this.#heldBy(holding).lines;
  }

  /** Takes in a new line, of the event that `changedSequence` names. */
  add(line: SubscriptionLine): void {
    this.#put(line);
  }

  /** Takes in what a line has become; it may have come to another product of its customer. */
  replace(line: SubscriptionLine, by: SubscriptionLine): void {
    this.#replaced.push(line);
    const left = this.#heldBy(line);
    left.lines.delete(line.lineId);
    left.touchedSequence = by.changedSequence;
    this.#put(by);
  }

  /** Stores the lines, one snapshot for each holding that was touched, and when the terms begin and end. */
  async store(): Promise<void> {
    const touched = [...this.#held.values()].filter((held) => held.touchedSequence !== null);
    const snapshots = touched.map((held): SeatSnapshot => {
      const lines = [...held.lines.values()];
      return {
        customerId: held.customerId,
        productType: held.productType,
        timeline: timelineOf(lines),
        sources: sourceSpansOf(lines),
        assigned: held.assigned,
        sequence: held.touchedSequence ?? 0,
      };
    });
    const [ledger, partnerId, after] = [this.#ledger, this.#partnerId, this.#continuedAfter];
    await ledger.deleteLines(partnerId, this.#replaced);
    if (after !== null) {
      const again = touched.filter(({ snapshotSequence }) => snapshotSequence > after);
      await ledger.deleteSnapshotsAfter(partnerId, after, again);
    }
    // None of these looks at what another writes. To wait for each would leave a database idle while the next is made ready. All are
    // waited for, also where one fails: what one of them sent after the change is rolled back would be kept.
    const stored = [
      ledger.insertLines(partnerId, [...this.#written.values()]),
      ledger.insertSnapshots(partnerId, snapshots),
      ledger.keepInstants(partnerId, [...this.#instants]),
    ];
    try {
      await Promise.all(stored);
    } catch (error) {
      await Promise.allSettled(stored);
      throw error;
    }
  }

  #put(line: SubscriptionLine): void {
    const held = this.#heldBy(line);
    held.lines.set(line.lineId, line);
    held.touchedSequence = line.changedSequence;
    this.#written.set(line.lineId, line);
    this.#instants.add(line.startsAt);
    if (line.expiresAt !== null) this.#instants.add(line.expiresAt);
  }

  #heldBy(holding: Holding): HeldLines {
    const held = this.#held.get(keyOf(holding));
    if (held === undefined) throw new Error(`the lines of ${keyOf(holding)} were not loaded`);
    return held;
  }
}

function keyOf({ customerId, productType }: Holding): string {
  return `${customerId} ${productType}`;
}
