/** The seats of a customer's tenants with their own vendor, as the partner contract lists them. */

import { type Static, Type } from '../type.ts';
import { customerPath, jsonContent } from '../management.ts';
import type { Operation } from '../operation.ts';
import { batchBody, batchOf, batchProblems, pagingQuery, revisionHeaders } from '../partnerContract.ts';
import { tenantType } from './customers.ts';

const tenantSeats = Type.Object(
  {
    type: tenantType,
    tenantId: Type.String(),
    tenantName: Type.String(),
    availableUserSeat: Type.Integer({ minimum: 0 }),
    assignedUserSeat: Type.Integer({ minimum: 0 }),
  },
  { title: 'TenantSeats', additionalProperties: false },
);

const tenantSeatsPage = batchOf('TenantSeatsPage', tenantSeats);
export type TenantSeatsPage = Static<typeof tenantSeatsPage>;

const filter = batchBody(
  'TenantFilter',
  'tenantIds',
  'Only these tenants. An id that is unknown is not found, and case counts; an empty list finds none.',
);
export type TenantFilter = Static<typeof filter>;

/**
 * Source: "Get third-party tenants" (AvePoint Graph API, state of 2026-07-01), whose table calls `tenantIds` an integer while its name,
 * its sample and its clients have a list of texts; we take the list.
 */
export const batchTenants = {
  id: 'batchTenants',
  method: 'POST',
  path: '/partner/external/v3/general/customers/{customerId}/3rd-party-products/type/{type}/tenants/batch',
  tag: 'Partner contract',
  summary: 'List the seats of a customer in its tenants of one type',
  description:
    'By tenant id. Paging is in the query, or in the body where the query has none. Unknown query parameters are ignored.',
  permission: 'elements.license.read.all',
  parameters: {
    path: Type.Object({ ...customerPath, type: tenantType }),
    query: Type.Object(pagingQuery),
    header: Type.Object(revisionHeaders),
  },
  body: { 'application/json': filter },
  bodyIsOptional: true,
  answer: {
    status: 200,
    description: 'One page.',
    content: jsonContent(tenantSeatsPage, {
      page: {
        data: [
          {
            type: 0,
            tenantId: '8d06f1f6-ea00-5d06-8fb9-a7a37012bc85',
            tenantName: 'CustomerATenant1',
            availableUserSeat: 5,
            assignedUserSeat: 20,
          },
        ],
        metadata: { pageIndex: 1, pageSize: 50, totalCount: 1 },
      },
    }),
  },
  problems: [...batchProblems, 'customer_id_invalid', 'customer_not_found'],
} as const satisfies Operation;
