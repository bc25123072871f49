/** Customers: bringing them into the estate, and changing what is known of them. */

import { type CustomerId, isPlainText, ProblemError } from '@seatledger/contract';
import {
  type ChangeContext,
  type ExpectedVersion,
  type NewEvent,
  type Outcome,
  requireVersion,
} from '../record/index.ts';
import type { Customer, CustomerFacts, EstateStore, Tenant } from './ports.ts';
import { refuseBody } from './refuseBody.ts';

/** The longest name of an organization, in characters. */
export const organizationLengthMax = 256;
/** The longest address of an owner, in characters; the longest of a mailbox is 254 (RFC 5321 section 4.5.3.1.3). */
export const ownerEmailLengthMax = 320;
const countryLengthMax = 100;

/** A customer as it is answered. Its tenants are a part of it. */
export interface CustomerWithTenants {
  readonly customer: Customer;
  readonly tenants: readonly Tenant[];
}

/** What a customer is taken to be of whom nothing but the organization is known. */
const unknownFacts = {
  ownerEmail: '',
  jobStatus: 0,
  countryOrRegion: '',
  managementMode: 2,
} as const satisfies Omit<CustomerFacts, 'organization'>;

/** Creates those of the customers that are not there yet; the ids of the created ones. */
export async function createMissingCustomers(
  estate: EstateStore,
  { partnerId, recorder }: Pick<ChangeContext, 'partnerId' | 'recorder'>,
  customers: readonly Pick<Customer, 'customerId' | 'organization'>[],
): Promise<readonly CustomerId[]> {
  const wanted = new Map<CustomerId, string>();
  for (const { customerId, organization } of customers) {
    if (!wanted.has(customerId)) wanted.set(customerId, organization);
  }
  for (const known of await estate.customersAmong(partnerId, [...wanted.keys()])) wanted.delete(known);
  const sequence = await recorder.nextSequence();
  const created = Array.from(wanted, ([customerId, organization], index): Customer => {
    return { customerId, organization, ...unknownFacts, changedSequence: sequence + index };
  });
  await recorder.appendAll(created.map(creationOf));
  await estate.insertCustomers(partnerId, created);
  return [...wanted.keys()];
}

/** Throws `customer_exists` and `body_invalid`. */
export async function createCustomer(
  estate: EstateStore,
  { partnerId, recorder, newId }: ChangeContext,
  { customerId, facts }: { customerId: CustomerId | null; facts: Partial<CustomerFacts> },
): Promise<Outcome<Customer>> {
  const id = customerId ?? (newId() as CustomerId);
  if ((await estate.customersAmong(partnerId, [id])).length > 0) throw new ProblemError('customer_exists');
  const { organization = id, ...known } = facts;
  const customer = { customerId: id, organization, ...unknownFacts, ...known };
  refuseBadFacts(customer);
  const created = { ...customer, changedSequence: await recorder.append(creationOf(customer)) };
  await estate.insertCustomers(partnerId, [created]);
  return { keep: true, result: created };
}

/** Throws `customer_not_found`, `version_changed` and `body_invalid`. What is as it was is no change. */
export async function changeCustomer(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  {
    customerId,
    expected,
    facts,
  }: { customerId: CustomerId; expected: ExpectedVersion; facts: Partial<CustomerFacts> },
): Promise<Outcome<CustomerWithTenants>> {
  const customer = await customerAtWork(estate, { partnerId, customerId, expected });
  const tenants = await estate.tenantsOf(partnerId, customerId);
  const changed = { ...customer, ...facts };
  refuseBadFacts(changed);
  const [before, after] = [customerState(customer), customerState(changed)];
  if (JSON.stringify(before) === JSON.stringify(after)) return { keep: false, result: { customer, tenants } };
  const changedSequence = await recorder.append({
    kind: 'customer.changed',
    subject: customerId,
    customerId,
    before,
    after,
  });
  const result = { ...changed, changedSequence };
  await estate.updateCustomer(partnerId, result);
  return { keep: true, result: { customer: result, tenants } };
}

/** The customer in the version that is expected. Throws `customer_not_found` and `version_changed`. */
export async function customerAtWork(
  estate: EstateStore,
  {
    partnerId,
    customerId,
    expected,
  }: { partnerId: number; customerId: CustomerId; expected: ExpectedVersion },
): Promise<Customer> {
  const customer = await estate.lockCustomer(partnerId, customerId);
  if (customer === undefined) throw new ProblemError('customer_not_found');
  requireVersion(expected, customer.changedSequence);
  return customer;
}

function creationOf(customer: Omit<Customer, 'changedSequence'>): NewEvent {
  const { customerId } = customer;
  return {
    kind: 'customer.created',
    subject: customerId,
    customerId,
    before: null,
    after: customerState(customer),
  };
}

/** A customer as events keep it. Events outlive the schema, so what is here is never renamed. */
export type CustomerState = Omit<Customer, 'changedSequence'>;

function customerState({
  customerId,
  organization,
  ownerEmail,
  jobStatus,
  countryOrRegion,
  managementMode,
}: CustomerState): CustomerState {
  return { customerId, organization, ownerEmail, jobStatus, countryOrRegion, managementMode };
}

function refuseBadFacts({ organization, ownerEmail, countryOrRegion }: CustomerFacts): void {
  if (!isPlainText(organization, organizationLengthMax)) refuseBody('organization', 'value_invalid');
  if (ownerEmail !== '' && !isPlainText(ownerEmail, ownerEmailLengthMax))
    refuseBody('ownerEmail', 'value_invalid');
  if (countryOrRegion !== '' && !isPlainText(countryOrRegion, countryLengthMax))
    refuseBody('countryOrRegion', 'value_invalid');
}
