import {
  type CustomerFilter,
  operations,
  type PartnerCustomer,
  type PartnerCustomerPage,
} from '@seatledger/contract';
import type { CustomerWithTenants, EstateReads } from '../../estate/index.ts';
import { callerOf } from '../guard.ts';
import { partnerBodies, takePartnerBodies } from '../partnerBody.ts';
import { customersOfPage } from '../partnerCustomers.ts';
import { batchToWire, partnerPageOf } from '../partnerPage.ts';
import type { Route } from '../route.ts';
import { withTenants } from './customers.ts';

export function batchCustomers(estate: EstateReads): Route {
  const operation = operations.batchCustomers;
  const bodyOf = partnerBodies(operation.body['application/json']);
  return {
    operation,
    prepare: takePartnerBodies,
    async answer(request): Promise<PartnerCustomerPage> {
      const caller = callerOf(request);
      const body = bodyOf(request) as CustomerFilter;
      const page = partnerPageOf(request, body);
      const { customers, totalCount } = await customersOfPage(estate, caller, body.customerIds, page);
      const found = await withTenants(estate, caller.partnerId, customers);
      return batchToWire(page, { data: found.map(customerToWire), totalCount });
    },
  };
}

function customerToWire({ customer, tenants }: CustomerWithTenants): PartnerCustomer {
  return {
    id: customer.customerId,
    organization: customer.organization,
    ownerEmail: customer.ownerEmail,
    jobStatus: customer.jobStatus,
    countryOrRegion: customer.countryOrRegion,
    managementMode: customer.managementMode,
    tenants: tenants.map(({ tenantId, name }) => ({ id: tenantId, name })),
  };
}
