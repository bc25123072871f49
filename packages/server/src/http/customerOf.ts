/** The customer that a path names, as far as the caller may know of it. */

import { type CustomerId, parseCustomerId, ProblemError } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { EstateReads } from '../estate/index.ts';
import { type Caller } from '../identity/index.ts';
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

/** The customers that a list is of: the one that it is asked for, or all that the caller sees. Throws as `customerOf`. */
export async function customersAsked(
  estate: EstateReads,
  caller: Caller,
  text: string | undefined,
): Promise<'all' | readonly CustomerId[]> {
  if (text !== undefined) return [await customerSeen(estate, caller, text)];
  return caller.customers === 'all' ? 'all' : [...caller.customers];
}

/** The caller, who has to see all customers: what concerns the whole partner is not for others. Throws `customer_scope_insufficient`. */
export function unrestrictedCallerOf(request: FastifyRequest): Caller {
  const caller = callerOf(request);
  if (caller.customers !== 'all') throw new ProblemError('customer_scope_insufficient');
  return caller;
}
