/** Answers how many seats there are. */

import type { CustomerId, ProductType } from '@seatledger/contract';
import type { EstateReads } from '../estate/index.ts';
import { type AsOf, findMoment, type Moment, type RecordReads } from '../record/index.ts';
import type { Holding, LedgerReads } from './ports.ts';
import { seatLists, seatsOf, type SeatsOfHolding } from './seatLists.ts';
import { countSeats, purchasedOn, type SeatCount } from './seats.ts';

export type SeatAnswer = { readonly known: true; readonly seats: SeatCount } | { readonly known: false };

/** The seats of one holding at a moment; without a snapshot by then, sequence 0 and no instant. */
export interface SeatsAtMoment extends Omit<SeatsOfHolding, 'recordedAt'> {
  readonly recordedAt: number | null;
}

/** What the answer about a moment depends on, beside what is asked: as long as it is the same, so is the answer. */
export interface Edition {
  /** The hash of the record's head: a store that was put back counts its events on from there, and gives a number twice. */
  readonly head: string;
  /** The last event that the moment includes. */
  readonly sequence: number;
  /** The last instant by the moment at which a line began or ended; 0 where none did. Epoch milliseconds. */
  readonly termAt: number;
}

export type Seats = ReturnType<typeof readSeats>;

export function readSeats(
  reads: { ledger: LedgerReads; estate: EstateReads; record: RecordReads },
  clock: { now(): number },
) {
  return {
    /** The seats of a customer and product now; 0 for a known customer that has no line of the product. */
    async get(partnerId: number, customerId: CustomerId, productType: ProductType): Promise<SeatAnswer> {
      const holding = await reads.ledger.currentHolding(partnerId, customerId, productType);
      if (holding === undefined) return { known: false };
      // A clock behind that of whoever made the last change must not unsay it.
      const at = Math.max(clock.now(), holding.recordedBy);
      return { known: true, seats: countSeats(purchasedOn(holding.timeline, at), holding.assigned) };
    },

    /** The moment that is asked for; see `findMoment`. */
    moment: (partnerId: number, asOf: AsOf) => findMoment(reads.record, partnerId, asOf, clock.now()),

    /** What answers about the moment depend on. */
    async edition(partnerId: number, { sequence, at }: Moment): Promise<Edition> {
      const { hash: head } = await reads.record.head(partnerId);
      return { head, sequence, termAt: (await reads.ledger.lastTermBy(partnerId, at)) ?? 0 };
    },

    /** The seats of a holding at a moment; undefined where there is no such customer. */
    async of(
      partnerId: number,
      holding: Holding,
      { sequence, at }: Moment,
    ): Promise<SeatsAtMoment | undefined> {
      const { customerId, productType } = holding;
      const customer = await reads.estate.customer(partnerId, customerId);
      if (customer === undefined) return undefined;
      const { organization } = customer;
      const snapshot = await reads.ledger.snapshotThrough(partnerId, holding, sequence);
      const known = { customerId, productType, organization };
      return snapshot === undefined
        ? { ...known, ...countSeats(0, 0), sources: [], sequence: 0, recordedAt: null }
        : seatsOf({ ...snapshot, ...known }, at);
    },

    lists: seatLists(reads.ledger),
  };
}
