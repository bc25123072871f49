import {
  type TenantFilter,
  fieldProblem,
  operations,
  ProblemError,
  type TenantSeatsPage,
  tenantTypes,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { EstateReads } from '../../estate/index.ts';
import { callerOf } from '../guard.ts';
import { partnerBodies, takePartnerBodies } from '../partnerBody.ts';
import { customerNamed, requireCustomer } from '../partnerCustomers.ts';
import { batchToWire, partnerPageOf, sliced } from '../partnerPage.ts';
import type { Route } from '../route.ts';

export function batchTenants(estate: EstateReads): Route {
  const operation = operations.batchTenants;
  const bodyOf = partnerBodies(operation.body['application/json']);
  return {
    operation,
    prepare: takePartnerBodies,
    async answer(request): Promise<TenantSeatsPage> {
      const { partnerId } = callerOf(request);
      const customerId = customerNamed(request);
      const type = tenantTypeOf(request);
      const { tenantIds, ...paging } = bodyOf(request) as TenantFilter;
      const page = partnerPageOf(request, paging);
      await requireCustomer(request, estate, customerId);
      // A customer has few tenants, and which of them are meant is not known before all are looked at.
      const tenants = (await estate.tenantsOf(partnerId, [customerId])).filter(
        (tenant) => tenant.type === type && (tenantIds === undefined || tenantIds.includes(tenant.tenantId)),
      );
      const data = sliced(tenants, page).map(({ tenantId, name, availableSeats, assignedSeats }) => ({
        type,
        tenantId,
        tenantName: name,
        availableUserSeat: availableSeats,
        assignedUserSeat: assignedSeats,
      }));
      return batchToWire(page, { data, totalCount: tenants.length });
    },
  };
}

function tenantTypeOf({ params }: FastifyRequest) {
  const { type: text } = params as { type: string };
  const type = tenantTypes.find((known) => String(known) === text);
  if (type !== undefined) return type;
  throw new ProblemError('parameter_invalid', {
    errors: [fieldProblem('type', 'value_invalid', { message: `Use one of ${tenantTypes.join(', ')}.` })],
  });
}
