/** What the ledger needs of the store. */

import type { CustomerId, LicenceType, ProductType } from '@seatledger/contract';
import type { Term, Timeline } from './seats.ts';

/** A customer and a product of it: what seats are counted for. */
export interface Holding {
  readonly customerId: CustomerId;
  readonly productType: ProductType;
}

/** One line of what a customer has. */
export interface SubscriptionLine extends Holding, Term {
  /** The sequence of the event that added it: unique in the partner, and never given twice. */
  readonly lineId: number;
  /** Whether its start was given; else it is the instant at which it was added. */
  readonly startGiven: boolean;
  /** Who says so, for example the name of a distributor. */
  readonly source: string;
  readonly externalId: string | null;
  readonly licenceType: LicenceType;
  /** The sequence of the event that it last changed with. */
  readonly changedSequence: number;
}

/** What a holding came to with one change, as it is kept. */
export interface SeatSnapshot extends Holding {
  readonly timeline: Timeline;
  readonly assigned: number;
  /** The sequence of the last event of the change that concerned the holding. */
  readonly sequence: number;
}

/** Inside the transaction of a change. */
export interface LedgerStore {
  linesOf(partnerId: number, holdings: readonly Holding[]): Promise<readonly SubscriptionLine[]>;
  linesByExternalId(partnerId: number, externalIds: readonly string[]): Promise<readonly SubscriptionLine[]>;
  /** Lines in the order of customer, product and line, from after the line named on. */
  linesAfter(
    partnerId: number,
    after: LinePosition | null,
    limit: number,
  ): Promise<readonly SubscriptionLine[]>;
  insertLines(partnerId: number, lines: readonly SubscriptionLine[]): Promise<void>;
  deleteLines(partnerId: number, lines: readonly LinePosition[]): Promise<void>;
  /** How many users hold a seat of each of the holdings, in the order asked. */
  assignedOf(partnerId: number, holdings: readonly Holding[]): Promise<readonly number[]>;
  insertSnapshots(partnerId: number, snapshots: readonly SeatSnapshot[]): Promise<void>;
  /** Removes the holdings' snapshots that are later than this event. */
  deleteSnapshotsAfter(partnerId: number, sequence: number, holdings: readonly Holding[]): Promise<void>;
}

export type LinePosition = Pick<SubscriptionLine, 'customerId' | 'lineId' | 'productType'>;

/** Outside of one. */
export interface LedgerReads {
  /** The holding's last snapshot; undefined where it never had a line. The hot path: one keyed read. */
  currentSnapshot(
    partnerId: number,
    customerId: CustomerId,
    productType: ProductType,
  ): Promise<Pick<SeatSnapshot, 'assigned' | 'timeline'> | undefined>;
  /** The snapshots of holdings as they were after an event, in the order of customer and product. */
  listSnapshots(partnerId: number, filter: SnapshotFilter, limit: number): Promise<readonly ListedSnapshot[]>;
}

export interface ListedSnapshot extends SeatSnapshot {
  readonly organization: string;
  /** When the change was recorded that it is of; epoch milliseconds. */
  readonly recordedAt: number;
}

export interface SnapshotFilter {
  /** Only those after this holding. */
  readonly after: Holding | null;
  readonly customers: 'all' | readonly CustomerId[];
  readonly productType: ProductType | null;
  /** Only what was recorded up to this event. */
  readonly throughSequence: number;
}
