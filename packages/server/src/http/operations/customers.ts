import {
  type Customer as WireCustomer,
  type CustomerChange,
  type CustomerId,
  type CustomerPage,
  type NewCustomer,
  operations,
  ProblemError,
} from '@seatledger/contract';
import type { Customer, CustomerWithTenants, EstateReads } from '../../estate/index.ts';
import type { Caller } from '../../identity/index.ts';
import { customerIdOf } from '../bodyTexts.ts';
import { customerOf, unrestrictedCallerOf, inOrder } from '../customerOf.ts';
import { callerOf } from '../guard.ts';
import { expectedVersionOf, type Order } from '../order.ts';
import { customerPosition, readPage } from '../page.ts';
import type { Route } from '../route.ts';
import { sendCreated, sendVersion } from '../versions.ts';

export function customers(estate: EstateReads, order: Order): readonly Route[] {
  return [
    {
      operation: operations.listCustomers,
      answer(request): Promise<CustomerPage> {
        const caller = callerOf(request);
        return readPage(request, {
          position: customerPosition,
          read: async (after, limit) =>
            withTenants(estate, caller.partnerId, await customersSeen(estate, caller, after, limit)),
          keyOf: ({ customer }) => [customer.customerId],
          toWire: customerToWire,
        });
      },
    },
    {
      operation: operations.createCustomer,
      async answer(request, reply) {
        unrestrictedCallerOf(request);
        const { customerId, ...facts } = request.body as NewCustomer;
        const customer = await order(request, 'customer.create', {
          customerId: customerId === undefined ? null : customerIdOf('customerId', customerId),
          facts,
        });
        return sendCreated(
          reply,
          `/api/v1/customers/${customer.customerId}`,
          customerToWire({ customer, tenants: [] }),
        );
      },
    },
    {
      operation: operations.getCustomer,
      async answer(request, reply) {
        const { partnerId } = callerOf(request);
        const customer = await estate.customer(partnerId, await customerOf(request, estate));
        const [found] = await withTenants(estate, partnerId, customer === undefined ? [] : [customer]);
        if (found === undefined) throw new ProblemError('customer_not_found');
        return sendVersion(reply, customerToWire(found));
      },
    },
    {
      operation: operations.changeCustomer,
      async answer(request, reply) {
        const customerId = await customerOf(request, estate);
        const changed = await order(request, 'customer.change', {
          customerId,
          expected: expectedVersionOf(request),
          facts: request.body as CustomerChange,
        });
        return sendVersion(reply, customerToWire(changed));
      },
    },
  ];
}

/** Those of the caller's customers that come after one, in the order of their ids. */
async function customersSeen(
  estate: EstateReads,
  { partnerId, customers: seen }: Caller,
  after: CustomerId | null,
  limit: number,
): Promise<readonly Customer[]> {
  if (seen === 'all') return estate.customersAfter(partnerId, after ?? '', limit);
  const ids = inOrder(seen).filter((id) => after === null || id > after);
  return estate.customersOf(partnerId, ids.slice(0, limit));
}

/** Tenants are read after their customers: a newer version told with older tenants would let a change undo another. */
export async function withTenants(
  estate: EstateReads,
  partnerId: number,
  found: readonly Customer[],
): Promise<readonly CustomerWithTenants[]> {
  const ids = found.map(({ customerId }) => customerId);
  const tenants = Map.groupBy(await estate.tenantsOf(partnerId, ids), ({ customerId }) => customerId);
  return found.map((customer) => ({ customer, tenants: tenants.get(customer.customerId) ?? [] }));
}

export function customerToWire({ customer, tenants }: CustomerWithTenants): WireCustomer {
  return {
    customerId: customer.customerId,
    organization: customer.organization,
    ownerEmail: customer.ownerEmail,
    jobStatus: customer.jobStatus,
    countryOrRegion: customer.countryOrRegion,
    managementMode: customer.managementMode,
    tenants: tenants.map(({ tenantId, type, name, availableSeats, assignedSeats }) => ({
      tenantId,
      type,
      name,
      availableSeats,
      assignedSeats,
    })),
    changedSequence: customer.changedSequence,
  };
}
