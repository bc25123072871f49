/** The subscription lines of a customer. */

import { type Static, type TOptional, type TSchema, Type } from '../type.ts';
import { type LineDetailName, lineDetailNames } from '../customerFacts.ts';
import {
  changedSequence,
  changeHeaders,
  changeProblems,
  createdHeaders,
  customerPath,
  endOfBody,
  instantOfBody,
  jsonContent,
  orNull,
  pageOf,
  pageQuery,
  seatsOfBody,
  versionHeaders,
  writeHeaders,
  writeProblems,
} from '../management.ts';
import type { Operation } from '../operation.ts';
import { licenceTypes } from './importLines.ts';

/** Every detail that a line can have, each of this schema. */
function detailsOf<Detail extends TSchema>(detail: Detail, description: string) {
  const members = lineDetailNames.map((name) => [name, Type.Optional(detail)]);
  return Type.Object(Object.fromEntries(members) as Record<LineDetailName, TOptional<Detail>>, {
    additionalProperties: false,
    description,
  });
}

const subscriptionLine = Type.Object(
  {
    lineId: Type.Integer(),
    customerId: Type.String(),
    productType: Type.Integer(),
    product: Type.String({ description: 'The name of the product.' }),
    resource: Type.String(),
    counts: Type.Enum(['users', 'units'], { description: 'What the number of seats counts.' }),
    seats: Type.Integer({ minimum: 0 }),
    startsAt: Type.String({ format: 'date-time' }),
    expiresAt: orNull(Type.String({ format: 'date-time' })),
    active: Type.Boolean({ description: 'Whether the line holds at the moment of the answer.' }),
    source: Type.String(),
    externalId: orNull(Type.String()),
    licenceType: Type.Enum(licenceTypes),
    poolId: orNull(Type.Integer({ description: 'The pool that the line is a grant from.' })),
    details: detailsOf(
      Type.String(),
      'What service lists of the partner contract show beside seats and term.',
    ),
    changedSequence,
  },
  { title: 'SubscriptionLine', additionalProperties: false },
);
export type SubscriptionLine = Static<typeof subscriptionLine>;

export const linePage = pageOf('SubscriptionLinePage', subscriptionLine);
export type SubscriptionLinePage = Static<typeof linePage>;

export const lineExample: SubscriptionLine = {
  lineId: 17,
  customerId: '4de84505-fa99-5266-a644-e6bac921c6c9',
  productType: 2048,
  product: 'Cloud Backup for Microsoft 365',
  resource: 'Office365Backup',
  counts: 'users',
  seats: 25,
  startsAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2027-01-01T00:00:00.000Z',
  active: true,
  source: 'api',
  externalId: 'sub-1001',
  licenceType: 'enterprise',
  poolId: null,
  details: { subscriptionName: 'Backup 25', contractEndDate: '2027-01-01T00:00:00.000Z' },
  changedSequence: 17,
};

const detailText = {
  minLength: 1,
  maxLength: 200,
  description: 'contractEndDate is an instant, ISO 8601.',
} as const;

const newLine = Type.Object(
  {
    productType: Type.Optional(Type.Integer({ description: 'Needed where no resource is named.' })),
    resource: Type.Optional(
      Type.String({
        description:
          "The id or the service text of a resource, case ignored; the product's default one where it is left out.",
      }),
    ),
    seats: seatsOfBody,
    startsAt: Type.Optional(instantOfBody),
    expiresAt: Type.Optional(endOfBody),
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    externalId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    licenceType: Type.Optional(Type.Enum(licenceTypes, { default: 'enterprise' })),
    poolId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'The pool that the line is to be a grant from.',
      }),
    ),
    details: Type.Optional(detailsOf(Type.String(detailText), 'What is known beside seats and term.')),
  },
  {
    title: 'NewSubscriptionLine',
    additionalProperties: false,
    examples: [
      { productType: 2048, seats: 25, startsAt: '2026-01-01', expiresAt: '2027-01-01T00:00:00Z' },
      { resource: 'Office365Backup', seats: 25, details: { subscriptionName: 'Backup 25' } },
    ],
  },
);
export type NewSubscriptionLine = Static<typeof newLine>;

const lineChange = Type.Object(
  {
    seats: Type.Optional(seatsOfBody),
    startsAt: Type.Optional(instantOfBody),
    expiresAt: Type.Optional(endOfBody),
    licenceType: Type.Optional(Type.Enum(licenceTypes)),
    details: Type.Optional(
      detailsOf(
        Type.Unsafe<string | null>({ ...detailText, type: ['string', 'null'] }),
        'The details to set; null removes one.',
      ),
    ),
  },
  {
    title: 'SubscriptionLineChange',
    additionalProperties: false,
    examples: [{ seats: 30 }, { expiresAt: null, details: { subscriptionName: null } }],
  },
);
export type SubscriptionLineChange = Static<typeof lineChange>;

const linePath = Type.Object({
  ...customerPath,
  lineId: Type.String({ description: 'The id of the line, a number.' }),
});
const lineProblems = ['customer_not_found', 'line_not_found'] as const;

export const listLines = {
  id: 'listLines',
  method: 'GET',
  path: '/api/v1/customers/{customerId}/lines',
  tag: 'Management',
  summary: 'List the subscription lines of a customer, the ended ones too',
  permission: 'seatledger.read',
  parameters: { path: Type.Object(customerPath), query: Type.Object(pageQuery) },
  answer: {
    status: 200,
    description: 'One page, by product type and line id.',
    content: jsonContent(linePage, { page: { data: [lineExample], nextCursor: null } }),
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'customer_not_found'],
} as const satisfies Operation;

export const addLine = {
  id: 'addLine',
  method: 'POST',
  path: '/api/v1/customers/{customerId}/lines',
  tag: 'Management',
  summary: 'Add a subscription line, or a grant from a pool',
  description:
    'A line begins now where it names no start. Without expiresAt it does not end, and a grant ends with its pool. A grant needs an app ' +
    'that sees all customers.',
  permission: 'seatledger.write',
  parameters: {
    path: Type.Object(customerPath),
    query: Type.Object({}),
    header: Type.Object(writeHeaders),
  },
  body: { 'application/json': newLine },
  answer: {
    status: 201,
    description: 'The line.',
    headers: createdHeaders,
    content: jsonContent(subscriptionLine, { added: lineExample }),
  },
  problems: [
    ...writeProblems,
    'body_invalid',
    'customer_scope_insufficient',
    'customer_not_found',
    'external_id_taken',
    'pool_insufficient',
  ],
} as const satisfies Operation;

export const getLine = {
  id: 'getLine',
  method: 'GET',
  path: '/api/v1/customers/{customerId}/lines/{lineId}',
  tag: 'Management',
  summary: 'Get a subscription line',
  permission: 'seatledger.read',
  parameters: { path: linePath, query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'The line.',
    headers: versionHeaders,
    content: jsonContent(subscriptionLine, { line: lineExample }),
  },
  problems: ['parameter_unknown', ...lineProblems],
} as const satisfies Operation;

export const changeLine = {
  id: 'changeLine',
  method: 'PATCH',
  path: '/api/v1/customers/{customerId}/lines/{lineId}',
  tag: 'Management',
  summary: 'Change the seats, the term, the licence type or the details of a line',
  description:
    'What the body leaves out stays as it is. A grant is changed by an app that sees all customers.',
  permission: 'seatledger.write',
  parameters: { path: linePath, query: Type.Object({}), header: Type.Object(changeHeaders) },
  body: { 'application/json': lineChange },
  answer: {
    status: 200,
    description: 'The line as it is now.',
    headers: versionHeaders,
    content: jsonContent(subscriptionLine, { changed: lineExample }),
  },
  problems: [
    ...changeProblems,
    'body_invalid',
    'customer_scope_insufficient',
    ...lineProblems,
    'pool_insufficient',
  ],
} as const satisfies Operation;

export const endLine = {
  id: 'endLine',
  method: 'DELETE',
  path: '/api/v1/customers/{customerId}/lines/{lineId}',
  tag: 'Management',
  summary: 'End a subscription line now',
  description:
    'The line stays, with its end. One that is still to begin ends at its start; one that has ended stays as it is. A grant is ended by an app that sees all customers.',
  permission: 'seatledger.write',
  parameters: { path: linePath, query: Type.Object({}), header: Type.Object(changeHeaders) },
  answer: {
    status: 200,
    description: 'The line as it is now.',
    headers: versionHeaders,
    content: jsonContent(subscriptionLine, {
      ended: { ...lineExample, expiresAt: '2026-07-01T09:30:00.000Z', active: false },
    }),
  },
  problems: [...changeProblems, 'customer_scope_insufficient', ...lineProblems],
} as const satisfies Operation;
