/** Onboarding: a customer is brought in by whoever its owner is. */

import type { CustomerId } from '@seatledger/contract';
import type { ChangeContext, Outcome } from '../record/index.ts';
import { createCustomer } from './customers.ts';
import type { CustomerFacts, EstateStore } from './ports.ts';

type CustomerToOnboard = Pick<
  CustomerFacts,
  'countryOrRegion' | 'managementMode' | 'organization' | 'ownerEmail'
>;

/** The customer that was brought in, under a new id; null where one of this owner is there already. Throws `body_invalid`. */
export async function onboardCustomer(
  estate: EstateStore,
  context: ChangeContext,
  facts: CustomerToOnboard,
): Promise<Outcome<{ customerId: CustomerId | null }>> {
  if (await estate.hasOwner(context.partnerId, facts.ownerEmail))
    return { keep: false, result: { customerId: null } };
  const { result } = await createCustomer(estate, context, { customerId: null, facts });
  return { keep: true, result: { customerId: result.customerId } };
}
