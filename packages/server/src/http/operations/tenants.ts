import { operations, type TenantFacts } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { EstateReads } from '../../estate/index.ts';
import { customerOf } from '../customerOf.ts';
import { expectedVersionOf, type Order } from '../order.ts';
import type { Route } from '../route.ts';
import { sendVersion } from '../versions.ts';
import { customerToWire } from './customers.ts';

export function tenants(estate: EstateReads, order: Order): readonly Route[] {
  return [
    {
      operation: operations.setTenant,
      async answer(request, reply) {
        const customer = await order(request, 'tenant.set', {
          customerId: await customerOf(request, estate),
          expected: expectedVersionOf(request),
          tenant: { tenantId: tenantIdOf(request), ...(request.body as TenantFacts) },
        });
        return sendVersion(reply, customerToWire(customer));
      },
    },
    {
      operation: operations.removeTenant,
      async answer(request, reply) {
        const customer = await order(request, 'tenant.remove', {
          customerId: await customerOf(request, estate),
          expected: expectedVersionOf(request),
          tenantId: tenantIdOf(request),
        });
        return sendVersion(reply, customerToWire(customer));
      },
    },
  ];
}

function tenantIdOf({ params }: FastifyRequest): string {
  return (params as { tenantId: string }).tenantId;
}
