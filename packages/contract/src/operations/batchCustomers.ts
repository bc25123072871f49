/** The customers of the partner, as the partner contract lists them. */

import { type Static, Type } from '../type.ts';
import { jsonContent } from '../management.ts';
import type { Operation } from '../operation.ts';
import { batchBody, batchOf, batchProblems, pagingQuery, revisionHeaders } from '../partnerContract.ts';
import { jobStatus, managementMode } from './customers.ts';

const partnerCustomer = Type.Object(
  {
    id: Type.String(),
    organization: Type.String(),
    ownerEmail: Type.String({ description: 'Empty where it is not known.' }),
    jobStatus,
    countryOrRegion: Type.String({ description: 'As it is shown; empty where it is not known.' }),
    managementMode,
    tenants: Type.Array(
      Type.Object(
        { id: Type.String(), name: Type.String() },
        { title: 'TenantName', additionalProperties: false },
      ),
      { description: 'By tenant id.' },
    ),
  },
  { title: 'PartnerCustomer', additionalProperties: false },
);
export type PartnerCustomer = Static<typeof partnerCustomer>;

const partnerCustomerPage = batchOf('PartnerCustomerPage', partnerCustomer);
export type PartnerCustomerPage = Static<typeof partnerCustomerPage>;

const filter = batchBody(
  'CustomerFilter',
  'customerIds',
  'Only these customers. An id that is unknown, or of a customer that the app may not see, is not found; an empty list finds none.',
);
export type CustomerFilter = Static<typeof filter>;

/**
 * Source: "Get customers" (AvePoint Graph API, state of 2026-07-01) and production's answer of 2025-12-12, which agree. Order, and what
 * comes past the end, are our own decision.
 */
export const batchCustomers = {
  id: 'batchCustomers',
  method: 'POST',
  path: '/partner/external/v3/general/customers/batch',
  tag: 'Partner contract',
  summary: 'List the customers of the partner',
  description:
    'In the order in which they came; of an app that does not see all, and with a filter, by id. Paging is in the query, or in the body ' +
    'where the query has none. Unknown query parameters are ignored.',
  permission: 'elements.customers.read.all',
  parameters: { query: Type.Object(pagingQuery), header: Type.Object(revisionHeaders) },
  body: { 'application/json': filter },
  bodyIsOptional: true,
  answer: {
    status: 200,
    description: 'One page.',
    content: jsonContent(partnerCustomerPage, {
      page: {
        data: [
          {
            id: '4de84505-fa99-5266-a644-e6bac921c6c9',
            organization: 'Customer A',
            ownerEmail: 'owner@customer-a.example',
            jobStatus: 5,
            countryOrRegion: 'Netherlands',
            managementMode: 1,
            tenants: [{ id: '8d06f1f6-ea00-5d06-8fb9-a7a37012bc85', name: 'CustomerATenant1' }],
          },
        ],
        metadata: { pageIndex: 1, pageSize: 50, totalCount: 1 },
      },
    }),
  },
  problems: batchProblems,
} as const satisfies Operation;
