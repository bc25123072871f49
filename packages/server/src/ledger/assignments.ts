/**
 * Assignments: which users of a customer hold a seat of a product.
 *
 * Seats are handed out like money: never more than there are at the moment of the hand-out. That fewer are purchased afterwards takes
 * nobody's seat away.
 */

import { type CustomerId, isPlainText, ProblemError } from '@seatledger/contract';
import { customerAtWork, type EstateStore, refuseBody } from '../estate/index.ts';
import type { ChangeContext, Outcome } from '../record/index.ts';
import type { Assignment, AssignmentStore, Holding, LedgerStore, SeatSnapshot, User } from './ports.ts';
import { countSeats, purchasedOn, type SeatCount } from './seats.ts';

/** The longest address of a user, in characters. */
const addressLengthMax = 320;

export interface AssignmentStores {
  readonly ledger: LedgerStore;
  readonly assignments: AssignmentStore;
  readonly estate: EstateStore;
}

/** What a hand-out or a return came to: users who held a seat already, or none, are not counted as changed. */
export interface AssignmentReport extends SeatCount {
  readonly changed: number;
  readonly unchanged: number;
  /** The last event that the numbers include. */
  readonly sequence: number;
}

export interface SeatsToAssign extends Holding {
  /** Addresses as they were given; the same user twice is one. */
  readonly users: readonly string[];
}

export interface SeatsToRelease extends SeatsToAssign {
  /** Users by the id that is left of one whose address was erased. */
  readonly userIds: readonly string[];
}

/** Throws `customer_not_found`, `seats_insufficient` with the numbers, and `body_invalid`; then nobody got a seat. */
export async function assignSeats(
  stores: AssignmentStores,
  context: ChangeContext,
  { customerId, productType, users }: SeatsToAssign,
): Promise<Outcome<AssignmentReport>> {
  const { partnerId, newId } = context;
  const addresses = addressesOf(users);
  await customerAtWork(stores.estate, { partnerId, customerId, expected: 'any' });
  const known = await stores.assignments.usersAmong(partnerId, customerId, addresses);
  const holding = { customerId, productType };
  const holders = new Set(await holdersAmong(stores, partnerId, holding, known));
  const idByAddress = new Map(known.map(({ userId, address }) => [address, userId]));
  const fresh: User[] = addresses
    .filter((address) => !idByAddress.has(address))
    .map((address) => ({ userId: newId(), address }));
  const joining = [...known.filter(({ userId }) => !holders.has(userId)), ...fresh];

  const last = await lastSnapshot(stores.ledger, partnerId, holding);
  const purchased = purchasedOn(last?.timeline ?? [], await context.instant());
  const before = countSeats(purchased, last?.assigned ?? 0);
  if (joining.length > 0 && joining.length > before.available) {
    throw new ProblemError('seats_insufficient', {
      detail: `${joining.length} seats were asked for, and ${before.available} of ${purchased} are available.`,
      numbers: { requested: joining.length, ...before },
    });
  }
  await stores.assignments.insertUsers(partnerId, customerId, fresh);
  const assigned = await recordUsers(context, 'seat.assigned', holding, joining);
  await stores.assignments.insertAssignments(partnerId, assigned);
  return keepCount(stores.ledger, context, {
    holding,
    last,
    assigned: before.assigned + joining.length,
    changed: joining.length,
    unchanged: addresses.length - joining.length,
  });
}

/** Throws `customer_not_found` and `body_invalid`. Who holds no seat is left as they are. */
export async function releaseSeats(
  stores: AssignmentStores,
  context: ChangeContext,
  { customerId, productType, users, userIds }: SeatsToRelease,
): Promise<Outcome<AssignmentReport>> {
  const { partnerId } = context;
  const addresses = addressesOf(users);
  await customerAtWork(stores.estate, { partnerId, customerId, expected: 'any' });
  const holding = { customerId, productType };
  const known = await stores.assignments.usersAmong(partnerId, customerId, addresses);
  const named = [...new Set([...known.map(({ userId }) => userId), ...userIds])];
  const leaving = await stores.assignments.holdersAmong(partnerId, holding, named);
  const last = await lastSnapshot(stores.ledger, partnerId, holding);
  await recordUsers(
    context,
    'seat.released',
    holding,
    leaving.map((userId) => ({ userId })),
  );
  await stores.assignments.deleteAssignments(partnerId, holding, leaving);
  const asked = named.length + addresses.length - known.length;
  return keepCount(stores.ledger, context, {
    holding,
    last,
    assigned: (last?.assigned ?? 0) - leaving.length,
    changed: leaving.length,
    unchanged: asked - leaving.length,
  });
}

/**
 * Forgets a person: the address is gone, and what is on record names a random id that leads nowhere. Seats that the person holds stay
 * assigned, to the id. Throws `customer_not_found`, `user_not_found` and `body_invalid`.
 */
export async function eraseUser(
  stores: AssignmentStores,
  { partnerId, recorder }: ChangeContext,
  { customerId, user }: { customerId: CustomerId; user: string },
): Promise<Outcome<{ userId: string }>> {
  const address = addressOf('user', user);
  await customerAtWork(stores.estate, { partnerId, customerId, expected: 'any' });
  const [known] = await stores.assignments.usersAmong(partnerId, customerId, [address]);
  if (known === undefined) throw new ProblemError('user_not_found');
  const { userId } = known;
  await recorder.append({
    kind: 'user.erased',
    subject: userId,
    customerId,
    before: null,
    after: null,
  });
  await stores.assignments.eraseAddress(partnerId, customerId, userId);
  return { keep: true, result: { userId } };
}

/** Each of the addresses once. */
function addressesOf(users: readonly string[]): readonly string[] {
  return [...new Set(users.map((user, index) => addressOf(`users.${index}`, user)))];
}

/** The address as it is kept and compared: NFC and in lower case. What is wrong with it is told without showing it. */
function addressOf(field: string, user: string): string {
  const address = user.normalize('NFC').toLowerCase().normalize('NFC');
  if (!isPlainText(address, addressLengthMax) || address.trim() !== address)
    refuseBody(field, 'user_invalid');
  return address;
}

async function holdersAmong(
  { assignments }: AssignmentStores,
  partnerId: number,
  holding: Holding,
  users: readonly User[],
): Promise<readonly string[]> {
  return assignments.holdersAmong(
    partnerId,
    holding,
    users.map(({ userId }) => userId),
  );
}

async function lastSnapshot(
  ledger: LedgerStore,
  partnerId: number,
  holding: Holding,
): Promise<SeatSnapshot | undefined> {
  const [last] = await ledger.lastSnapshotsOf(partnerId, [holding]);
  return last;
}

/** A held seat as events keep it. */
export type SeatState = Readonly<Pick<Assignment, 'customerId' | 'productType' | 'userId'>>;

/** Puts each user's seat on record: an event names the user by id alone. */
async function recordUsers(
  { recorder }: ChangeContext,
  kind: 'seat.assigned' | 'seat.released',
  holding: Holding,
  users: readonly Pick<User, 'userId'>[],
): Promise<readonly (Holding & { userId: string; assignedSequence: number })[]> {
  const recorded: (Holding & { userId: string; assignedSequence: number })[] = [];
  for (const { userId } of users) {
    const state: SeatState = { ...holding, userId };
    const sequence = await recorder.append({
      kind,
      subject: userId,
      customerId: holding.customerId,
      before: kind === 'seat.released' ? state : null,
      after: kind === 'seat.assigned' ? state : null,
    });
    recorded.push({ ...holding, userId, assignedSequence: sequence });
  }
  return recorded;
}

async function keepCount(
  ledger: LedgerStore,
  { partnerId, recorder, instant }: ChangeContext,
  {
    holding,
    last,
    assigned,
    changed,
    unchanged,
  }: {
    holding: Holding;
    last: SeatSnapshot | undefined;
    assigned: number;
    changed: number;
    unchanged: number;
  },
): Promise<Outcome<AssignmentReport>> {
  const { timeline, sources } = last ?? { timeline: [], sources: [] };
  const sequence = changed === 0 ? (last?.sequence ?? 0) : (await recorder.nextSequence()) - 1;
  const count = countSeats(purchasedOn(timeline, await instant()), assigned);
  if (changed > 0)
    await ledger.insertSnapshots(partnerId, [{ ...holding, timeline, sources, assigned, sequence }]);
  return { keep: changed > 0, result: { ...count, changed, unchanged, sequence } };
}
