/** What the customers of the partner have, line by line, as the partner contract lists it. */

import { type Static, Type } from '../type.ts';
import { jsonContent } from '../management.ts';
import type { Operation } from '../operation.ts';
import { batchBody, batchOf, batchProblems, pagingQuery, revisionHeaders } from '../partnerContract.ts';

/** The members of a product, in the order in which production answers them. */
const serviceMembers = [
  'service',
  'subscriptionModel',
  'purchasedUserSeats',
  'purchasedUnits',
  'microsoftLicenseAssigned',
  'microsoftLicenseAvailable',
  'purchasedCapacity',
  'protectedCapacity',
  'storage',
  'retention',
  'consumedStorage',
  'expirationDate',
  'change',
  'source',
  'paymentType',
  'subscriptionName',
  'package',
  'contractEndDate',
] as const;
type ServiceMember = (typeof serviceMembers)[number];

/** A line: each of the 18 members is a text, `N/A` where it does not apply. */
export type ListedService = Readonly<Record<ServiceMember, string>>;

const text = Type.String();
const listedService = Type.Object(
  Object.fromEntries(serviceMembers.map((name) => [name, text])) as Record<ServiceMember, typeof text>,
  {
    title: 'ListedService',
    additionalProperties: false,
    description: 'Each member is a text, N/A where it does not apply. Dates are ISO 8601 in UTC.',
  },
);

const customerServices = Type.Object(
  {
    customerId: Type.String(),
    organization: Type.String(),
    customer: Type.String({ description: 'The e-mail address of its owner; empty where it is not known.' }),
    products: Type.Array(listedService, { description: 'In the order in which they were added.' }),
  },
  { title: 'CustomerServices', additionalProperties: false },
);
export type CustomerServices = Static<typeof customerServices>;

const customerServicesPage = batchOf('CustomerServicesPage', customerServices);
export type CustomerServicesPage = Static<typeof customerServicesPage>;

const example: ListedService = {
  service: 'Cloud Backup for Microsoft 365 - Microsoft 365 services',
  subscriptionModel: 'Unlimited organizations',
  purchasedUserSeats: '20',
  purchasedUnits: 'N/A',
  microsoftLicenseAssigned: '0',
  microsoftLicenseAvailable: '20',
  purchasedCapacity: 'N/A',
  protectedCapacity: 'N/A',
  storage: 'AvePoint storage (Microsoft Azure Blob)',
  retention: 'Unlimited retention',
  consumedStorage: '1.42 GB',
  expirationDate: '2026-02-27T00:00:00Z',
  change: 'N/A',
  source: 'AvePoint pooled subscription',
  paymentType: 'Prepaid',
  subscriptionName: 'N/A',
  package: 'Standard',
  contractEndDate: 'N/A',
};

/**
 * Source: "Get services of customers" (AvePoint Graph API, state of 2026-07-01) and production's answer of 2025-12-12. The page has
 * `expirationDate` in ISO 8601 and production answers `03-14-2026T12:00:00Z`, which we take for a defect; we answer as the page says.
 */
export const batchServices = {
  id: 'batchServices',
  method: 'POST',
  path: '/partner/external/v3/general/customers/services/batch',
  tag: 'Partner contract',
  summary: 'List the services of the customers',
  description:
    'Pages are of customers, not of services. The services are the lines that hold at the moment of the answer: those that seats are ' +
    'counted from. Paging is in the query, or in the body where the query has none. Unknown query parameters are ignored.',
  permission: 'elements.license.read.all',
  parameters: { query: Type.Object(pagingQuery), header: Type.Object(revisionHeaders) },
  body: {
    'application/json': batchBody(
      'ServiceFilter',
      'customerIds',
      'Only of these customers. An id that is unknown, or of a customer that the app may not see, is not found; an empty list finds none.',
    ),
  },
  bodyIsOptional: true,
  answer: {
    status: 200,
    description: 'One page.',
    content: jsonContent(customerServicesPage, {
      page: {
        data: [
          {
            customerId: 'e2a12fde-45e5-5ba1-af3f-be746eb45183',
            organization: 'Customer B',
            customer: 'owner@customer-b.example',
            products: [example],
          },
        ],
        metadata: { pageIndex: 1, pageSize: 50, totalCount: 1 },
      },
    }),
  },
  problems: batchProblems,
} as const satisfies Operation;
