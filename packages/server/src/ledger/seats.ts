/**
 * Seat arithmetic. Pure, and the only place that adds seats.
 *
 * For a customer, a product and an instant: purchased is the largest, over the product's resources, of the sum of that resource's active
 * lines; assigned is the number of users who hold a seat; available is purchased less assigned. Two lines of 20 of one resource are 40
 * seats; a backup line of 20 and its Power Platform add-on of 20 cover the same 20 users.
 * Source: production answered 20 for such a pair on 2025-12-12; the rule is inferred from that.
 */

/** What the arithmetic needs of a subscription line. Instants are epoch milliseconds. */
export interface Term {
  readonly resource: string;
  /** Whole seats, or units where the resource counts units; 0 or more. */
  readonly seats: number;
  /** The first instant at which the line is active. */
  readonly startsAt: number;
  /** The first instant at which it is not active any more; null where it does not end. */
  readonly expiresAt: number | null;
}

/**
 * Purchased seats as steps over term time: from each step's instant on, and to the next one's, so many seats are purchased. Before the
 * first step it is none. Instants ascend, and neighbours differ.
 */
export type Timeline = readonly TimelineStep[];
type TimelineStep = readonly [at: number, purchased: number];

export interface SeatCount {
  /** Whole seats, 0 or more. */
  readonly purchased: number;
  readonly assigned: number;
  /** Negative where more are assigned than purchased: a deficit is information, never hidden. */
  readonly available: number;
}

export function isActive({ startsAt, expiresAt }: Pick<Term, 'expiresAt' | 'startsAt'>, at: number): boolean {
  return startsAt <= at && (expiresAt === null || at < expiresAt);
}

/** What the lines of one product purchase at every instant. */
export function timelineOf(lines: readonly Term[]): Timeline {
  const shifts: { readonly at: number; readonly resource: string; readonly seats: number }[] = [];
  for (const { resource, seats, startsAt, expiresAt } of lines) {
    if (expiresAt !== null && expiresAt <= startsAt) continue;
    shifts.push({ at: startsAt, resource, seats });
    if (expiresAt !== null) shifts.push({ at: expiresAt, resource, seats: -seats });
  }
  shifts.sort((one, other) => one.at - other.at);

  const seatsByResource = new Map<string, number>();
  const timeline: TimelineStep[] = [];
  let before = 0;
  for (const [index, { at, resource, seats }] of shifts.entries()) {
    seatsByResource.set(resource, (seatsByResource.get(resource) ?? 0) + seats);
    // What begins and ends at one instant is one step.
    if (shifts[index + 1]?.at === at) continue;
    const purchased = Math.max(...seatsByResource.values());
    if (purchased !== before) timeline.push([at, purchased]);
    before = purchased;
  }
  return timeline;
}

/** Seats purchased at this instant. */
export function purchasedOn(timeline: Timeline, at: number): number {
  let purchased = 0;
  for (const [from, seats] of timeline) {
    if (from > at) break;
    purchased = seats;
  }
  return purchased;
}

export function countSeats(purchased: number, assigned: number): SeatCount {
  return { purchased, assigned, available: purchased - assigned };
}

/** What the contract's `availableUserSeat` says: it knows no deficit. */
export function assignable({ available }: SeatCount): number {
  return Math.max(0, available);
}
