/** The customers that an operation of the partner contract is about. */

import { type CustomerId, parseCustomerId, ProblemError } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { Customer, EstateReads } from '../estate/index.ts';
import type { Caller } from '../identity/index.ts';
import { inOrder } from './customerOf.ts';
import { callerOf } from './guard.ts';
import { type Slice, sliced } from './partnerPage.ts';

/** The id in the path, of which there need not be a customer. Throws `customer_id_invalid`. */
export function customerNamed(request: FastifyRequest): CustomerId {
  const customerId = parseCustomerId((request.params as { customerId: string }).customerId);
  if (customerId === undefined) throw new ProblemError('customer_id_invalid');
  return customerId;
}

/** Throws `customer_not_found` where there is no such customer, or the caller may not see it. */
export async function requireCustomer(
  request: FastifyRequest,
  estate: EstateReads,
  customerId: CustomerId,
): Promise<void> {
  const { partnerId, customers } = callerOf(request);
  const isInScope = customers === 'all' || customers.has(customerId);
  if (!isInScope || !(await estate.hasCustomer(partnerId, customerId)))
    throw new ProblemError('customer_not_found');
}

interface CustomersOfPage {
  readonly customers: readonly Customer[];
  /** How many there are on all pages, at the moment at which these were read. */
  readonly totalCount: number;
}

/**
 * A page of the customers that the caller sees, of those that a filter names where there is one. Who pages until it has `totalCount` of
 * them comes to an end: a page that is not full is the last, and says so.
 */
export async function customersOfPage(
  estate: EstateReads,
  { partnerId, customers: seen }: Caller,
  filter: readonly string[] | undefined,
  page: Slice,
): Promise<CustomersOfPage> {
  if (filter !== undefined) {
    const ids = [...new Set(filter.flatMap((text) => parseCustomerId(text) ?? []))];
    const visible = seen === 'all' ? ids : ids.filter((id) => seen.has(id));
    // They are few, and which of them there are is not known before all are looked up.
    const found = await estate.customersOf(partnerId, visible.toSorted());
    return { customers: sliced(found, page), totalCount: found.length };
  }
  if (seen !== 'all') {
    // Who is in a scope is there, and stays: no customer is ever deleted.
    const ids = inOrder(seen);
    return { customers: await estate.customersOf(partnerId, sliced(ids, page)), totalCount: ids.length };
  }
  const { customers, total } = await estate.customersInOrder(partnerId, page);
  return { customers, totalCount: total };
}
