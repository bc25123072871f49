/** The tenants of a customer. They are a part of it: its version is theirs, and an answer shows all of them. */

import { type Static, Type } from '../type.ts';
import {
  changeHeaders,
  changeProblems,
  customerPath,
  jsonContent,
  seatsOfBody,
  versionHeaders,
} from '../management.ts';
import type { Operation } from '../operation.ts';
import { customer, customerExample, tenantType } from './customers.ts';

const tenantFacts = Type.Object(
  {
    type: tenantType,
    name: Type.String({ minLength: 1, maxLength: 256 }),
    availableSeats: seatsOfBody,
    assignedSeats: seatsOfBody,
  },
  {
    title: 'TenantFacts',
    additionalProperties: false,
    examples: [{ type: 0, name: 'Customer A', availableSeats: 5, assignedSeats: 20 }],
  },
);
export type TenantFacts = Static<typeof tenantFacts>;

const parameters = {
  path: Type.Object({
    ...customerPath,
    tenantId: Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'The id of the tenant; case counts.',
    }),
  }),
  query: Type.Object({}),
  header: Type.Object(changeHeaders),
};

export const setTenant = {
  id: 'setTenant',
  method: 'PUT',
  path: '/api/v1/customers/{customerId}/tenants/{tenantId}',
  tag: 'Management',
  summary: 'Add a tenant to a customer, or change it',
  description: 'If-Match takes the ETag of the customer.',
  permission: 'seatledger.write',
  parameters,
  body: { 'application/json': tenantFacts },
  answer: {
    status: 200,
    description: 'The customer as it is now.',
    headers: versionHeaders,
    content: jsonContent(customer, { set: customerExample }),
  },
  problems: [...changeProblems, 'body_invalid', 'customer_not_found'],
} as const satisfies Operation;

export const removeTenant = {
  id: 'removeTenant',
  method: 'DELETE',
  path: '/api/v1/customers/{customerId}/tenants/{tenantId}',
  tag: 'Management',
  summary: 'Remove a tenant from a customer',
  description: 'If-Match takes the ETag of the customer.',
  permission: 'seatledger.write',
  parameters,
  answer: {
    status: 200,
    description: 'The customer as it is now.',
    headers: versionHeaders,
    content: jsonContent(customer, { removed: { ...customerExample, tenants: [] } }),
  },
  problems: [...changeProblems, 'customer_not_found', 'tenant_not_found'],
} as const satisfies Operation;
