/** Pools. They concern the whole partner, so all of this needs an app that sees all customers. */

import { type Static, Type } from '../type.ts';
import {
  changedSequence,
  changeHeaders,
  changeProblems,
  createdHeaders,
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
import { lineExample, linePage } from './lines.ts';

const pool = Type.Object(
  {
    poolId: Type.Integer(),
    resource: Type.String(),
    productType: Type.Integer(),
    seats: Type.Integer({ minimum: 0 }),
    startsAt: Type.String({ format: 'date-time' }),
    expiresAt: orNull(Type.String({ format: 'date-time' })),
    source: Type.String(),
    occupied: Type.Integer({
      minimum: 0,
      description: 'Seats that grants occupy at the moment of the answer.',
    }),
    occupiedMax: Type.Integer({
      minimum: 0,
      description: 'The most that grants occupy, then or at any later instant.',
    }),
    free: Type.Integer({
      description:
        'Seats that a grant from now to the end of the pool can take: seats less occupiedMax, and 0 once the pool is over.',
    }),
    changedSequence,
  },
  { title: 'Pool', additionalProperties: false },
);
export type Pool = Static<typeof pool>;

const poolPage = pageOf('PoolPage', pool);
export type PoolPage = Static<typeof poolPage>;

const example: Pool = {
  poolId: 30,
  resource: 'Office365Backup',
  productType: 2048,
  seats: 500,
  startsAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2027-01-01T00:00:00.000Z',
  source: 'pool',
  occupied: 120,
  occupiedMax: 150,
  free: 350,
  changedSequence: 30,
};

const newPool = Type.Object(
  {
    resource: Type.String({ description: 'The id or the service text of a resource, case ignored.' }),
    productType: Type.Optional(Type.Integer({ description: 'The product that the resource is one of.' })),
    seats: seatsOfBody,
    startsAt: Type.Optional(instantOfBody),
    expiresAt: Type.Optional(endOfBody),
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  },
  {
    title: 'NewPool',
    additionalProperties: false,
    examples: [{ resource: 'Office365Backup', seats: 500, startsAt: '2026-01-01', expiresAt: null }],
  },
);
export type NewPool = Static<typeof newPool>;

const poolChange = Type.Object(
  {
    seats: Type.Optional(seatsOfBody),
    startsAt: Type.Optional(instantOfBody),
    expiresAt: Type.Optional(endOfBody),
  },
  { title: 'PoolChange', additionalProperties: false, examples: [{ seats: 600 }] },
);
export type PoolChange = Static<typeof poolChange>;

const poolPath = Type.Object({ poolId: Type.String({ description: 'The id of the pool, a number.' }) });
const poolProblems = ['customer_scope_insufficient', 'pool_not_found'] as const;

export const listPools = {
  id: 'listPools',
  method: 'GET',
  path: '/api/v1/pools',
  tag: 'Management',
  summary: 'List the pools, the ended ones too',
  permission: 'seatledger.read',
  parameters: { query: Type.Object(pageQuery) },
  answer: {
    status: 200,
    description: 'One page, by pool id.',
    content: jsonContent(poolPage, { page: { data: [example], nextCursor: null } }),
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'customer_scope_insufficient'],
} as const satisfies Operation;

export const addPool = {
  id: 'addPool',
  method: 'POST',
  path: '/api/v1/pools',
  tag: 'Management',
  summary: 'Add a pool',
  description: 'It begins now where it names no start, and without expiresAt it does not end.',
  permission: 'seatledger.write',
  parameters: { query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': newPool },
  answer: {
    status: 201,
    description: 'The pool.',
    headers: createdHeaders,
    content: jsonContent(pool, { added: { ...example, occupied: 0, occupiedMax: 0, free: 500 } }),
  },
  problems: [...writeProblems, 'body_invalid', 'customer_scope_insufficient'],
} as const satisfies Operation;

export const getPool = {
  id: 'getPool',
  method: 'GET',
  path: '/api/v1/pools/{poolId}',
  tag: 'Management',
  summary: 'Get a pool',
  permission: 'seatledger.read',
  parameters: { path: poolPath, query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'The pool.',
    headers: versionHeaders,
    content: jsonContent(pool, { pool: example }),
  },
  problems: ['parameter_unknown', ...poolProblems],
} as const satisfies Operation;

export const changePool = {
  id: 'changePool',
  method: 'PATCH',
  path: '/api/v1/pools/{poolId}',
  tag: 'Management',
  summary: 'Change the seats or the term of a pool',
  description:
    'What the body leaves out stays as it is. What grants occupy, now or later, is left to them: a change that takes it away is refused.',
  permission: 'seatledger.write',
  parameters: { path: poolPath, query: Type.Object({}), header: Type.Object(changeHeaders) },
  body: { 'application/json': poolChange },
  answer: {
    status: 200,
    description: 'The pool as it is now.',
    headers: versionHeaders,
    content: jsonContent(pool, { changed: example }),
  },
  problems: [...changeProblems, 'body_invalid', ...poolProblems, 'pool_insufficient'],
} as const satisfies Operation;

export const endPool = {
  id: 'endPool',
  method: 'DELETE',
  path: '/api/v1/pools/{poolId}',
  tag: 'Management',
  summary: 'End a pool now',
  description:
    'The pool stays, with its end. One that is still to begin ends at its start; one that has ended stays as it is. Its grants have to be ended before.',
  permission: 'seatledger.write',
  parameters: { path: poolPath, query: Type.Object({}), header: Type.Object(changeHeaders) },
  answer: {
    status: 200,
    description: 'The pool as it is now.',
    headers: versionHeaders,
    content: jsonContent(pool, {
      ended: {
        ...example,
        expiresAt: '2026-07-01T09:30:00.000Z',
        occupied: 0,
        occupiedMax: 0,
        free: 500,
      },
    }),
  },
  problems: [...changeProblems, ...poolProblems, 'pool_insufficient'],
} as const satisfies Operation;

export const listGrants = {
  id: 'listGrants',
  method: 'GET',
  path: '/api/v1/pools/{poolId}/grants',
  tag: 'Management',
  summary: 'List the grants of a pool, the ended ones too',
  permission: 'seatledger.read',
  parameters: { path: poolPath, query: Type.Object(pageQuery) },
  answer: {
    status: 200,
    description: 'One page of subscription lines, by line id.',
    content: jsonContent(linePage, {
      page: { data: [{ ...lineExample, source: 'pool', poolId: 30 }], nextCursor: null },
    }),
  },
  problems: ['parameter_invalid', 'parameter_unknown', ...poolProblems],
} as const satisfies Operation;
