/** Brings customers into the estate. */

import type { CustomerId } from '@seatledger/contract';
import type { ChangeContext } from '../record/index.ts';
import type { Customer, EstateStore } from './ports.ts';

/** The longest name of an organization, in characters. */
export const organizationLengthMax = 256;

/** Creates those of the customers that are not there yet; the ids of the created ones. */
export async function createMissingCustomers(
  estate: EstateStore,
  { partnerId, recorder }: Pick<ChangeContext, 'partnerId' | 'recorder'>,
  customers: readonly Customer[],
): Promise<readonly CustomerId[]> {
  const wanted = new Map<CustomerId, Customer>();
  for (const customer of customers) {
    if (!wanted.has(customer.customerId)) wanted.set(customer.customerId, customer);
  }
  for (const known of await estate.customersAmong(partnerId, [...wanted.keys()])) wanted.delete(known);
  await estate.insertCustomers(partnerId, [...wanted.values()]);
  for (const { customerId, organization } of wanted.values()) {
    await recorder.append({
      kind: 'customer.created',
      subject: customerId,
      customerId,
      before: null,
      after: { customerId, organization },
    });
  }
  return [...wanted.keys()];
}
