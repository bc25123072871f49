/** What the ledger needs of the store. */

import type { CustomerId, LicenceType, LineDetailName, ProductType } from '@seatledger/contract';
import type { Term, Timeline } from './seats.ts';
import type { SourceSpan } from './sources.ts';

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
  /** The pool that the line is a grant from; null for a line of its own. */
  readonly poolId: number | null;
  readonly details: LineDetails;
  /** The sequence of the event that it last changed with. */
  readonly changedSequence: number;
}

/** What the contract's service lists show of a line beside its seats and its term, as texts. */
export type LineDetails = { readonly [Name in LineDetailName]?: string };

/** Seats of a resource that the partner bought to hand out. */
export interface Pool extends Term {
  /** The sequence of the event that added it. */
  readonly poolId: number;
  readonly source: string;
  readonly changedSequence: number;
}

/** From this instant on, and to the next step, so many seats of a pool are occupied. */
export interface PoolStep {
  readonly at: number;
  readonly occupied: number;
}

/** A person of a customer, who may hold seats of it. */
export interface User {
  /** A random GUID, by which events name the person. */
  readonly userId: string;
  /** Null where it was erased. */
  readonly address: string | null;
}

export interface Assignment extends Holding, User {
  /** The event that it was made with. */
  readonly assignedSequence: number;
}

/** What a holding came to with one change, as it is kept. */
export interface SeatSnapshot extends Holding {
  readonly timeline: Timeline;
  readonly sources: readonly SourceSpan[];
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
  /** The line of the customer; undefined where there is none. */
  lineOf(partnerId: number, customerId: CustomerId, lineId: number): Promise<SubscriptionLine | undefined>;
  /** The last snapshot of each holding that has one, in the order asked. */
  lastSnapshotsOf(partnerId: number, holdings: readonly Holding[]): Promise<readonly SeatSnapshot[]>;
  insertSnapshots(partnerId: number, snapshots: readonly SeatSnapshot[]): Promise<void>;
  /** Keeps instants at which lines begin or end, were it only once; those that are known stay. */
  keepInstants(partnerId: number, instants: readonly number[]): Promise<void>;
  /** Removes the holdings' snapshots that are later than this event; others of the holdings follow at once. */
  deleteSnapshotsAfter(partnerId: number, sequence: number, holdings: readonly Holding[]): Promise<void>;
}

/** The pools inside the transaction of a change. */
export interface PoolStore {
  /** The pool, locked to the end of the transaction. */
  lockPool(partnerId: number, poolId: number): Promise<Pool | undefined>;
  /** The pools of a resource, also those that are over, by id; locked to the end of the transaction. */
  lockPoolsOf(partnerId: number, resource: string): Promise<readonly Pool[]>;
  insertPool(partnerId: number, pool: Pool): Promise<void>;
  updatePool(partnerId: number, pool: Pool): Promise<void>;
  /** Occupies so many seats more, or less where the number is negative, from the start to the end; null means without end. */
  occupy(
    partnerId: number,
    poolId: number,
    occupation: { startsAt: number; expiresAt: number | null; seats: number },
  ): Promise<void>;
  /** The first instant from `from` on and before `to` at which more than so many seats are occupied. */
  firstBeyond(
    partnerId: number,
    poolId: number,
    window: { from: number; to: number | null; seats: number },
  ): Promise<PoolStep | undefined>;
}

/** Who holds seats, inside the transaction of a change. */
export interface AssignmentStore {
  /** Those of the addresses that are of somebody. */
  usersAmong(
    partnerId: number,
    customerId: CustomerId,
    addresses: readonly string[],
  ): Promise<readonly User[]>;
  insertUsers(partnerId: number, customerId: CustomerId, users: readonly User[]): Promise<void>;
  /** Makes sure that there is a user of this id; a new one has no address. */
  keepUser(partnerId: number, customerId: CustomerId, userId: string): Promise<void>;
  eraseAddress(partnerId: number, customerId: CustomerId, userId: string): Promise<void>;
  /** Those of the users that hold a seat. */
  holdersAmong(partnerId: number, holding: Holding, userIds: readonly string[]): Promise<readonly string[]>;
  insertAssignments(partnerId: number, assignments: readonly Omit<Assignment, 'address'>[]): Promise<void>;
  deleteAssignments(partnerId: number, holding: Holding, userIds: readonly string[]): Promise<void>;
}

export type LinePosition = Pick<SubscriptionLine, 'customerId' | 'lineId' | 'productType'>;

/** Outside of one. */
export interface LedgerReads {
  /**
   * What the holding's last change left, and nothing where it never had a line; undefined where there is no such customer. The hot path:
   * one read by keys.
   */
  currentHolding(
    partnerId: number,
    customerId: CustomerId,
    productType: ProductType,
  ): Promise<CurrentHolding | undefined>;
  /**
   * A step on the way through the snapshots of holdings as they were after an event, in the order of customer and product: of so many
   * holdings, or of all of at most so many customers. It is as short as that, whatever it finds.
   */
  snapshotStep(partnerId: number, filter: SnapshotFilter, limit: number): Promise<SnapshotStep>;
  /** The same snapshots in the same order, with what else a list shows of them. */
  describeSnapshots(
    partnerId: number,
    snapshots: readonly HeldSnapshot[],
  ): Promise<readonly ListedSnapshot[]>;
  /** The last instant by then at which a line began or ended; undefined where none did. */
  lastTermBy(partnerId: number, at: number): Promise<number | undefined>;
  /** The holding's last snapshot up to an event. */
  snapshotThrough(
    partnerId: number,
    holding: Holding,
    sequence: number,
  ): Promise<RecordedSnapshot | undefined>;
  /** The holding's snapshots after one event and up to another, in sequence. */
  snapshotsBetween(
    partnerId: number,
    holding: Holding,
    between: { after: number; through: number },
    limit: number,
  ): Promise<readonly RecordedSnapshot[]>;
  line(partnerId: number, customerId: CustomerId, lineId: number): Promise<SubscriptionLine | undefined>;
  /** Lines of a customer in the order of product and line. */
  linesOfCustomer(
    partnerId: number,
    customerId: CustomerId,
    after: Pick<LinePosition, 'lineId' | 'productType'> | null,
    limit: number,
  ): Promise<readonly SubscriptionLine[]>;
  /** The lines of the customers that are active at an instant, in the order of the customers. */
  activeLinesOf(
    partnerId: number,
    customerIds: readonly CustomerId[],
    at: number,
  ): Promise<readonly SubscriptionLine[]>;
  pool(partnerId: number, poolId: number): Promise<Pool | undefined>;
  poolsAfter(partnerId: number, after: number, limit: number): Promise<readonly Pool[]>;
  /** What is occupied of the pool at an instant, and the most from then on. */
  poolOccupation(
    partnerId: number,
    poolId: number,
    from: number,
  ): Promise<{ occupied: number; occupiedMax: number }>;
  /** The grants of a pool in the order of the line. */
  grantsAfter(
    partnerId: number,
    poolId: number,
    after: number,
    limit: number,
  ): Promise<readonly SubscriptionLine[]>;
  /** The assignments of a customer in the order of product and user. */
  assignmentsAfter(
    partnerId: number,
    customerId: CustomerId,
    after: { productType: number; userId: string } | null,
    limit: number,
  ): Promise<readonly Assignment[]>;
}

interface CurrentHolding extends Pick<SeatSnapshot, 'assigned' | 'timeline'> {
  /** When the last change of the partner was recorded; epoch milliseconds. */
  readonly recordedBy: number;
}

/** A snapshot with the change that it is of. */
export interface RecordedSnapshot
  extends Pick<SeatSnapshot, 'assigned' | 'sequence' | 'sources' | 'timeline'> {
  /** When the change was recorded; epoch milliseconds. */
  readonly recordedAt: number;
  /** The kind of the event of the snapshot's sequence. */
  readonly kind: string;
  readonly actor: string;
  readonly reason: string | null;
}

export interface HeldSnapshot extends SeatSnapshot {
  /** When the change was recorded that it is of, where that came along; epoch milliseconds. */
  readonly recordedAt: number | null;
}

export interface ListedSnapshot extends SeatSnapshot {
  readonly organization: string;
  /** When the change was recorded that it is of; epoch milliseconds. */
  readonly recordedAt: number;
}

/** A place in the order of customer and product, where there need not be a holding. */
export interface HoldingPlace {
  readonly customerId: string;
  readonly productType: number;
}

export interface SnapshotStep {
  /** Of what was looked at, those that there are; maybe none. */
  readonly snapshots: readonly HeldSnapshot[];
  /** The place after which the next step begins; null where there is none. */
  readonly reached: HoldingPlace | null;
}

export interface SnapshotFilter {
  /** Only those after this place. */
  readonly after: HoldingPlace | null;
  /** In their order, each once. */
  readonly customers: 'all' | readonly CustomerId[];
  /** Only those of them that are in this customer group. */
  readonly groupId: number | null;
  readonly productType: ProductType | null;
  /** Only what was recorded up to this event. */
  readonly throughSequence: number;
}
