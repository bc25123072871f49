/** The customer that a path names, as far as the caller may know of it. */

import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import { type CustomerId, parseCustomerId, ProblemError } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { EstateReads } from '../estate/index.ts';
import type { Caller } from '../identity/index.ts';
import { callerOf } from './guard.ts';

/** Throws `customer_not_found` also for one that is outside of the caller's customers: existence is private. */
export async function customerOf(request: FastifyRequest, estate: EstateReads): Promise<CustomerId> {
  const caller = callerOf(request);
  return customerSeen(estate, caller, (request.params as { customerId: string }).customerId);
}

/** The customer of this id. Throws as `customerOf`. */
async function customerSeen(
  estate: EstateReads,
  { partnerId, customers }: Caller,
  text: string,
): Promise<CustomerId> {
  const customerId = parseCustomerId(text);
  const isInScope = customerId !== undefined && (customers === 'all' || customers.has(customerId));
  if (!isInScope || !(await estate.hasCustomer(partnerId, customerId)))
    throw new ProblemError('customer_not_found');
  return customerId;
}

/** The customers that a list is of, in order: the one that it is asked for, or all that the caller sees. Throws as `customerOf`. */
export async function customersAsked(
  estate: EstateReads,
  caller: Caller,
  text: string | undefined,
): Promise<'all' | readonly CustomerId[]> {
  if (text !== undefined) return [await customerSeen(estate, caller, text)];
  return caller.customers === 'all' ? 'all' : inOrder(caller.customers);
}

/** A scope can be large and is the same for many requests. */
const ordered = new WeakMap<ReadonlySet<CustomerId>, readonly CustomerId[]>();

/** The customers of a scope in the order of their ids. */
export function inOrder(scope: ReadonlySet<CustomerId>): readonly CustomerId[] {
  const known = ordered.get(scope);
  if (known !== undefined) return known;
  const ids = [...scope].toSorted();
  ordered.set(scope, ids);
  return ids;
}

/** How many customers are looked for in a group at once. */
const membersAtOnce = 500;

/**
 * The customer group that a list is of; null where it is of none. Throws `group_not_found`, for an app that sees some customers also
 * where none of these is in the group: it may not know of others.
 */
export async function groupAsked(
  estate: EstateReads,
  { partnerId, customers }: Caller,
  groupId: number | undefined,
): Promise<number | null> {
  if (groupId === undefined) return null;
  if (customers === 'all') {
    if ((await estate.group(partnerId, groupId)) !== undefined) return groupId;
    throw new ProblemError('group_not_found');
  }
  const ids = inOrder(customers);
  for (let from = 0; from < ids.length; from += membersAtOnce) {
    const members = await estate.membersAmong(partnerId, groupId, ids.slice(from, from + membersAtOnce));
    if (members.length > 0) return groupId;
    // Reads of a data folder are synchronous beneath, and a scope can be large.
    await othersHadTheirTurn();
  }
  throw new ProblemError('group_not_found');
}

/** The caller, who has to see all customers: what concerns the whole partner is not for others. Throws `customer_scope_insufficient`. */
export function unrestrictedCallerOf(request: FastifyRequest): Caller {
  const caller = callerOf(request);
  if (caller.customers !== 'all') throw new ProblemError('customer_scope_insufficient');
  return caller;
}
