/** Adding a service to a customer by the partner contract: a trial, or lines from pools. */

import { type Static, Type } from '../type.ts';
import { customerPath, jsonContent } from '../management.ts';
import type { Operation } from '../operation.ts';
import { partnerBody, partnerWriteHeaders, partnerWriteProblems } from '../partnerContract.ts';
import { seatsMax } from '../seats.ts';

/** The products of which services can be added. The page has 274 (Cloud Backup Express) too, which is none of the catalogue. */
export const addableProductTypes = [40, 42, 49, 65, 2048] as const;

const instant = { maxLength: 40, description: 'ISO 8601: a date, or date and time with Z or an offset.' };

const licenseItem = Type.Object(
  {
    resource: Type.String({
      maxLength: 64,
      description: 'The id of a resource of the product; case is ignored.',
    }),
    subscriptionSourceType: Type.Enum([1, 2, 6], {
      description:
        '1 AvePoint pool, 2 Marketplace pool, 6 LARS AvePoint pool. Kept as the source of the line; pools are not told apart by it.',
    }),
    isSameAsPool: Type.Optional(
      Type.Boolean({ description: 'true: the line ends with its pool, whatever expireTime says.' }),
    ),
    expireTime: Type.Optional(
      Type.String({ ...instant, description: `${instant.description} Needed unless isSameAsPool is true.` }),
    ),
    userSeat: Type.Integer({ minimum: 1, maximum: seatsMax }),
    paymentType: Type.Enum([0, 1], { description: '0 prepaid, 1 pay as you go.' }),
    saleType: Type.Optional(
      Type.Enum([0, 1, 2], {
        description: '0 capacity tier, 1 unlimited users, 2 unlimited organization. Needed for product 2048.',
      }),
    ),
    packageType: Type.Optional(
      Type.Enum([0, 1, 2], {
        description: '0 Standard, 1 Core, 2 Flex. Needed for Office365Backup and Office365EXODBackup.',
      }),
    ),
    customerSize: Type.Optional(
      Type.Integer({ minimum: 0, maximum: seatsMax, description: 'Needed where packageType is; not kept.' }),
    ),
    contractEndDate: Type.Optional(Type.String(instant)),
  },
  { title: 'LicenseItem', additionalProperties: false },
);
export type LicenseItem = Static<typeof licenseItem>;

const properties = {
  product: Type.Integer({ description: `One of ${addableProductTypes.join(', ')}.` }),
  licenseType: Type.Enum([0, 1], { description: '0 trial, 1 enterprise: from pools.' }),
  avepointStorageType: Type.Optional(
    Type.Enum([0, 1], {
      description:
        '0 Microsoft Azure Blob, 1 Amazon S3. Product 2048 needs it with retentionYear, or byos; other products ignore all of them.',
    }),
  ),
  retentionYear: Type.Optional(Type.Integer({ minimum: 1, maximum: 99, description: 'In years.' })),
  byos: Type.Optional(
    Type.Boolean({ description: "true: the customer's own storage, of storageProfileId." }),
  ),
  storageProfileId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Not kept.' })),
  licenseItems: Type.Optional(
    Type.Array(licenseItem, {
      maxItems: 20,
      description: 'Needed for licenseType 1, and not taken for a trial. All of them are added, or none.',
    }),
  ),
};

const item = {
  subscriptionSourceType: 1,
  isSameAsPool: true,
  userSeat: 20,
  paymentType: 0,
} as const;

const serviceToAdd = partnerBody('ServiceToAdd', properties, [
  { product: 42, licenseType: 0 },
  { product: 2048, licenseType: 0, avepointStorageType: 0, retentionYear: 1 },
  { product: 49, licenseType: 1, licenseItems: [{ ...item, resource: 'PartnerUserManagement' }] },
  {
    product: 2048,
    licenseType: 1,
    avepointStorageType: 0,
    retentionYear: 1,
    licenseItems: [
      { ...item, resource: 'Office365Backup', saleType: 2, packageType: 0, customerSize: 20 },
      { ...item, resource: 'Office365PPBackup', saleType: 2 },
    ],
  },
]);
export type ServiceToAdd = Static<typeof serviceToAdd>;

/** By number, as the contract has them. 2, 6, 16, 17, 19 and 20 are of the contract too, and never answered. */
export const serviceStatuses = {
  added: 1,
  no_pool: 3,
  seats_insufficient: 4,
  beyond_pool_end: 5,
  other_exists: 7,
  end_past: 11,
  same_exists: 12,
  term_too_short: 18,
} as const;
export type ServiceOutcome = keyof typeof serviceStatuses;

const addedService = Type.Object(
  {
    customerId: Type.String(),
    product: Type.Integer(),
    status: Type.Enum(Object.values(serviceStatuses), {
      description:
        '1 successful; else nothing was added, for the first of these reasons: 3 there is no pool of the resource, 11 the end is past, ' +
        '18 the term is shorter than a month, 5 it ends after the pool, 12 the same service is there, 7 another of the resource is there, ' +
        '4 the pools have not so many seats.',
    }),
  },
  { title: 'AddedService', additionalProperties: false },
);
export type AddedService = Static<typeof addedService>;

/**
 * Source: "Add a service" (AvePoint Graph API, state of 2026-07-01): 200 with a status also where nothing was added. Its samples send
 * `isSameAsPool: true` with an `expireTime`; the pool's end counts then. Its sample for product 42 has the resource of product 40, which is
 * refused here.
 */
export const addService = {
  id: 'addService',
  method: 'POST',
  path: '/partner/external/v3/general/customers/{customerId}/services',
  tag: 'Partner contract',
  summary: 'Add a service to a customer',
  description:
    'A trial lasts 30 days and has 25 seats. Anything from a pool needs an app that sees all customers. A request that is sent again adds ' +
    'nothing: it is answered 12.',
  permission: 'elements.license.readwrite.all',
  parameters: { path: Type.Object(customerPath), header: Type.Object(partnerWriteHeaders) },
  body: { 'application/json': serviceToAdd },
  answer: {
    status: 200,
    description: 'What came of it.',
    content: jsonContent(addedService, {
      added: { customerId: '4de84505-fa99-5266-a644-e6bac921c6c9', product: 2048, status: 1 },
      short: { customerId: '4de84505-fa99-5266-a644-e6bac921c6c9', product: 2048, status: 4 },
    }),
  },
  problems: [
    ...partnerWriteProblems,
    'customer_id_invalid',
    'product_type_unknown',
    'customer_scope_insufficient',
    'customer_not_found',
  ],
} as const satisfies Operation;
