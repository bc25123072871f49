/** Bringing in a customer by the partner contract. */

import { type Static, Type } from '../type.ts';
import { jsonContent } from '../management.ts';
import type { Operation } from '../operation.ts';
import { partnerBody, partnerWriteHeaders, partnerWriteProblems } from '../partnerContract.ts';

const shortText = { minLength: 1, maxLength: 256 };

const properties = {
  firstName: Type.String(shortText),
  lastName: Type.String(shortText),
  organizationName: Type.String(shortText),
  registrationAccount: Type.String({
    minLength: 3,
    maxLength: 320,
    description: 'The e-mail address of the owner; case is ignored where it is compared.',
  }),
  password: Type.String({
    ...shortText,
    writeOnly: true,
    description: 'Asked for, as the contract has it, and dropped: it is kept nowhere.',
  }),
  countryCode: Type.String({ maxLength: 2, description: 'Two letters, ISO 3166-1; case is ignored.' }),
  dataCenter: Type.String({ maxLength: 64, description: 'The GUID of a published data center.' }),
  telephoneNumber: Type.Optional(Type.String({ maxLength: 256 })),
  tags: Type.Optional(Type.Array(Type.String(shortText), { maxItems: 100 })),
  managementMode: Type.Optional(
    Type.Boolean({
      description:
        'true: the partner manages (1 in lists), false: the customer does (0); to be configured (2) where it is left out.',
    }),
  ),
};

const newPartnerCustomer = partnerBody('CustomerToOnboard', properties, [
  {
    firstName: 'Ada',
    lastName: 'Byron',
    organizationName: 'Customer A',
    registrationAccount: 'owner@customer-a.example',
    password: 'a password that is dropped',
    countryCode: 'NL',
    dataCenter: '4f93bdff-9b11-47b9-aa68-a86bfa09f61c',
    managementMode: true,
  },
]);
export type CustomerToOnboard = Static<typeof newPartnerCustomer>;

/** By number: 1 successful, 7 customer already exists. The contract has others, which are never answered. */
export const onboardStatuses = { onboarded: 1, exists: 7 } as const;

const onboardedCustomer = Type.Object(
  {
    status: Type.Enum(Object.values(onboardStatuses), {
      description:
        '1 successful; 7 there is a customer with this registration account. 2 to 6 are of the contract, and never answered.',
    }),
    id: Type.String({ description: 'The id of the customer; empty where none was brought in.' }),
  },
  { title: 'OnboardedCustomer', additionalProperties: false },
);
export type OnboardedCustomer = Static<typeof onboardedCustomer>;

/**
 * Source: "Onboard a customer" (AvePoint Graph API, state of 2026-07-01): 200 with a status also where nobody was brought in. Whether
 * `id` is there then is not said; it is, and empty.
 */
export const onboardCustomer = {
  id: 'onboardCustomer',
  method: 'POST',
  path: '/partner/external/v3/general/customers',
  tag: 'Partner contract',
  summary: 'Onboard a customer',
  description:
    'Needs an app that sees all customers. Names, telephone number, tags, data center and password are checked and not kept.',
  permission: 'elements.customers.readwrite.all',
  parameters: { header: Type.Object(partnerWriteHeaders) },
  body: { 'application/json': newPartnerCustomer },
  answer: {
    status: 200,
    description: 'What came of it.',
    content: jsonContent(onboardedCustomer, {
      onboarded: { status: 1, id: '4de84505-fa99-5266-a644-e6bac921c6c9' },
      exists: { status: 7, id: '' },
    }),
  },
  problems: [...partnerWriteProblems, 'customer_scope_insufficient'],
} as const satisfies Operation;
