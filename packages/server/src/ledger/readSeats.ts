/** Answers how many seats there are. */

import type { CustomerId, ProductType } from '@seatledger/contract';
import type { EstateReads } from '../estate/index.ts';
import type { Holding, LedgerReads, ListedSnapshot } from './ports.ts';
import { countSeats, purchasedOn, type SeatCount } from './seats.ts';

export type SeatAnswer = { readonly known: true; readonly seats: SeatCount } | { readonly known: false };

export interface SeatsOfHolding extends Holding, SeatCount {
  readonly organization: string;
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

export type Seats = ReturnType<typeof readSeats>;

export function readSeats(reads: { ledger: LedgerReads; estate: EstateReads }, clock: { now(): number }) {
  return {
    /** The seats of a customer and product now; 0 for a known customer that has no line of the product. */
    async get(partnerId: number, customerId: CustomerId, productType: ProductType): Promise<SeatAnswer> {
      const snapshot = await reads.ledger.currentSnapshot(partnerId, customerId, productType);
      if (snapshot !== undefined) {
        return {
          known: true,
          seats: countSeats(purchasedOn(snapshot.timeline, clock.now()), snapshot.assigned),
        };
      }
      const known = await reads.estate.hasCustomer(partnerId, customerId);
      return known ? { known, seats: countSeats(0, 0) } : { known };
    },

    /** A page of the seats of every customer and product that has or had a line, by customer id and product type. */
    async list(
      partnerId: number,
      filter: Parameters<LedgerReads['listSnapshots']>[1],
      limit: number,
    ): Promise<readonly SeatsOfHolding[]> {
      const now = clock.now();
      const snapshots = await reads.ledger.listSnapshots(partnerId, filter, limit);
      return snapshots.map((snapshot) => seatsOf(snapshot, now));
    },
  };
}

function seatsOf(snapshot: ListedSnapshot, at: number): SeatsOfHolding {
  const { customerId, productType, organization, timeline, assigned, sequence, recordedAt } = snapshot;
  return {
    customerId,
    productType,
    organization,
    ...countSeats(purchasedOn(timeline, at), assigned),
    sequence,
    recordedAt,
  };
}
