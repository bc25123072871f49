/** The tenants of a customer: its Microsoft 365, Salesforce, Google and Dynamics 365 organizations, and the seats that those count. */

import { type CustomerId, isPlainText, ProblemError } from '@seatledger/contract';
import type { ChangeContext, ExpectedVersion, Outcome } from '../record/index.ts';
import { customerAtWork, type CustomerWithTenants } from './customers.ts';
import type { Customer, EstateStore, Tenant } from './ports.ts';
import { refuseBody } from './refuseBody.ts';

const tenantIdLengthMax = 128;
const tenantNameLengthMax = 256;
/** How many tenants one customer can have: an answer shows all of them. */
const tenantsOfCustomerMax = 100;

interface CustomerVersion {
  readonly customerId: CustomerId;
  /** Of the customer, which its tenants are a part of. */
  readonly expected: ExpectedVersion;
}

/** Adds the tenant or changes it. Throws `customer_not_found`, `version_changed` and `body_invalid`. */
export async function setTenant(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  { customerId, expected, tenant }: CustomerVersion & { tenant: Tenant },
): Promise<Outcome<CustomerWithTenants>> {
  const customer = await customerAtWork(estate, { partnerId, customerId, expected });
  const tenants = await estate.tenantsOf(partnerId, customerId);
  const known = tenants.find(({ tenantId }) => tenantId === tenant.tenantId);
  if (!isPlainText(tenant.tenantId, tenantIdLengthMax)) refuseBody('tenantId', 'value_invalid');
  if (!isPlainText(tenant.name, tenantNameLengthMax)) refuseBody('name', 'value_invalid');
  if (known === undefined && tenants.length >= tenantsOfCustomerMax)
    refuseBody('tenantId', 'tenants_too_many');
  const [before, after] = [known === undefined ? null : tenantState(known), tenantState(tenant)];
  if (JSON.stringify(before) === JSON.stringify(after)) return { keep: false, result: { customer, tenants } };
  const changedSequence = await recorder.append({
    kind: 'tenant.set',
    subject: tenant.tenantId,
    customerId,
    before,
    after,
  });
  return kept(estate, { partnerId, customer: { ...customer, changedSequence } }, (store) =>
    store.putTenant(partnerId, customerId, tenant),
  );
}

/** Throws `customer_not_found`, `version_changed` and `tenant_not_found`. */
export async function removeTenant(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  { customerId, expected, tenantId }: CustomerVersion & { tenantId: string },
): Promise<Outcome<CustomerWithTenants>> {
  const customer = await customerAtWork(estate, { partnerId, customerId, expected });
  const known = (await estate.tenantsOf(partnerId, customerId)).find(
    (tenant) => tenant.tenantId === tenantId,
  );
  if (known === undefined) throw new ProblemError('tenant_not_found');
  const changedSequence = await recorder.append({
    kind: 'tenant.removed',
    subject: tenantId,
    customerId,
    before: tenantState(known),
    after: null,
  });
  return kept(estate, { partnerId, customer: { ...customer, changedSequence } }, (store) =>
    store.deleteTenant(partnerId, customerId, tenantId),
  );
}

async function kept(
  estate: EstateStore,
  { partnerId, customer }: { partnerId: number; customer: Customer },
  write: (estate: EstateStore) => Promise<void>,
): Promise<Outcome<CustomerWithTenants>> {
  await write(estate);
  await estate.updateCustomer(partnerId, customer);
  return {
    keep: true,
    result: { customer, tenants: await estate.tenantsOf(partnerId, customer.customerId) },
  };
}

/** A tenant as events keep it. */
export type TenantState = Pick<Tenant, keyof Tenant>;

function tenantState({ tenantId, type, name, availableSeats, assignedSeats }: Tenant): TenantState {
  return { tenantId, type, name, availableSeats, assignedSeats };
}
