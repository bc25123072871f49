/** Customers of the partner, each with its tenants. */

import { type Static, Type } from '../type.ts';
import { jobStatuses, managementModes, tenantTypes } from '../customerFacts.ts';
import {
  changedSequence,
  changeHeaders,
  changeProblems,
  createdHeaders,
  customerPath,
  jsonContent,
  pageOf,
  pageQuery,
  versionHeaders,
  writeHeaders,
  writeProblems,
} from '../management.ts';
import type { Operation } from '../operation.ts';

export const jobStatus = Type.Enum(jobStatuses, {
  description:
    '0 N/A, 1 working, 2 failed, 3 waiting for configuration, 4 multiple issues found, 5 finished with exception, 6 no backup updates.',
});
export const managementMode = Type.Enum(managementModes, {
  description: '0 the customer manages, 1 the partner manages, 2 to be configured.',
});
export const tenantType = Type.Enum(tenantTypes, {
  type: 'integer',
  description: '0 Microsoft 365, 1 Salesforce, 2 Google, 3 Dynamics 365.',
});

export const customer = Type.Object(
  {
    customerId: Type.String(),
    organization: Type.String(),
    ownerEmail: Type.String({ description: 'Empty where it is not known.' }),
    jobStatus,
    countryOrRegion: Type.String({ description: 'As it is shown; empty where it is not known.' }),
    managementMode,
    tenants: Type.Array(
      Type.Object(
        {
          tenantId: Type.String(),
          type: tenantType,
          name: Type.String(),
          availableSeats: Type.Integer({ minimum: 0, description: "Seats of the tenant's own vendor." }),
          assignedSeats: Type.Integer({ minimum: 0, description: 'Those of them that are assigned.' }),
        },
        { title: 'Tenant', additionalProperties: false },
      ),
      { description: 'By tenant id.' },
    ),
    changedSequence,
  },
  { title: 'Customer', additionalProperties: false },
);
export type Customer = Static<typeof customer>;

const customerPage = pageOf('CustomerPage', customer);
export type CustomerPage = Static<typeof customerPage>;

export const customerExample: Customer = {
  customerId: '4de84505-fa99-5266-a644-e6bac921c6c9',
  organization: 'Customer A',
  ownerEmail: 'owner@customer-a.example',
  jobStatus: 1,
  countryOrRegion: 'Germany',
  managementMode: 1,
  tenants: [
    { tenantId: 'customer-a.example', type: 0, name: 'Customer A', availableSeats: 5, assignedSeats: 20 },
  ],
  changedSequence: 20,
};

const facts = {
  organization: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  ownerEmail: Type.Optional(Type.String({ maxLength: 320 })),
  jobStatus: Type.Optional(jobStatus),
  countryOrRegion: Type.Optional(Type.String({ maxLength: 100 })),
  managementMode: Type.Optional(managementMode),
};

const newCustomer = Type.Object(
  {
    customerId: Type.Optional(
      Type.String({
        description:
          '1 to 64 letters, digits, points, hyphens and underscores, beginning with a letter or a digit; kept in lower case. A GUID is made where there is none.',
      }),
    ),
    ...facts,
  },
  {
    title: 'NewCustomer',
    additionalProperties: false,
    examples: [
      { customerId: 'northwind', organization: 'Northwind Traders', countryOrRegion: 'Germany' },
      {},
    ],
  },
);
export type NewCustomer = Static<typeof newCustomer>;

const customerChange = Type.Object(facts, {
  title: 'CustomerChange',
  additionalProperties: false,
  examples: [{ ownerEmail: 'owner@customer-a.example', jobStatus: 1 }],
});
export type CustomerChange = Static<typeof customerChange>;

export const listCustomers = {
  id: 'listCustomers',
  method: 'GET',
  path: '/api/v1/customers',
  tag: 'Management',
  summary: 'List the customers that the app may see',
  permission: 'seatledger.read',
  parameters: { query: Type.Object(pageQuery) },
  answer: {
    status: 200,
    description: 'One page, by customer id.',
    content: jsonContent(customerPage, { page: { data: [customerExample], nextCursor: null } }),
  },
  problems: ['parameter_invalid', 'parameter_unknown'],
} as const satisfies Operation;

/** A new customer is one that no restricted app could see, so only one that sees all customers makes it. */
export const createCustomer = {
  id: 'createCustomer',
  method: 'POST',
  path: '/api/v1/customers',
  tag: 'Management',
  summary: 'Create a customer',
  description: 'The organization is the id where it is left out.',
  permission: 'seatledger.write',
  parameters: { query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': newCustomer },
  answer: {
    status: 201,
    description: 'The customer, which has no tenants yet.',
    headers: createdHeaders,
    content: jsonContent(customer, { created: { ...customerExample, tenants: [] } }),
  },
  problems: [...writeProblems, 'body_invalid', 'customer_scope_insufficient', 'customer_exists'],
} as const satisfies Operation;

export const getCustomer = {
  id: 'getCustomer',
  method: 'GET',
  path: '/api/v1/customers/{customerId}',
  tag: 'Management',
  summary: 'Get a customer',
  permission: 'seatledger.read',
  parameters: { path: Type.Object(customerPath), query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'The customer with its tenants.',
    headers: versionHeaders,
    content: jsonContent(customer, { customer: customerExample }),
  },
  problems: ['parameter_unknown', 'customer_not_found'],
} as const satisfies Operation;

export const changeCustomer = {
  id: 'changeCustomer',
  method: 'PATCH',
  path: '/api/v1/customers/{customerId}',
  tag: 'Management',
  summary: 'Change what is known of a customer',
  description: 'What the body leaves out stays as it is.',
  permission: 'seatledger.write',
  parameters: {
    path: Type.Object(customerPath),
    query: Type.Object({}),
    header: Type.Object(changeHeaders),
  },
  body: { 'application/json': customerChange },
  answer: {
    status: 200,
    description: 'The customer as it is now.',
    headers: versionHeaders,
    content: jsonContent(customer, { changed: customerExample }),
  },
  problems: [...changeProblems, 'body_invalid', 'customer_not_found'],
} as const satisfies Operation;
