/** Which users of a customer hold seats. Addresses of people are in bodies alone: a URL is kept by everything that it passes. */

import { type Static, Type } from '../type.ts';
import {
  customerPath,
  jsonContent,
  orNull,
  pageOf,
  pageQuery,
  writeHeaders,
  writeProblems,
} from '../management.ts';
import type { Operation } from '../operation.ts';
import { seatCount } from '../seatCount.ts';

/** How many users one request can name. */
const usersAtOnceMax = 1000;

const assignment = Type.Object(
  {
    productType: Type.Integer(),
    userId: Type.String({ description: 'A random GUID, by which the events of the record name the user.' }),
    user: orNull(
      Type.String({ description: 'The address of the user, in lower case; null where it was erased.' }),
    ),
    assignedSequence: Type.Integer({
      description: 'The event of the record that the seat was assigned with.',
    }),
  },
  { title: 'Assignment', additionalProperties: false },
);
export type Assignment = Static<typeof assignment>;

const assignmentPage = pageOf('AssignmentPage', assignment);
export type AssignmentPage = Static<typeof assignmentPage>;

const address = Type.String({
  description:
    'The address of a user: 1 to 320 characters without control characters and without a blank at either end. Case and the Unicode ' +
    'form are ignored.',
});
const productType = Type.Integer({ description: 'The product, by its number.' });
const users = Type.Array(address, { minItems: 1, maxItems: usersAtOnceMax });

const seatsToAssign = Type.Object(
  { productType, users },
  {
    title: 'SeatsToAssign',
    additionalProperties: false,
    examples: [{ productType: 2048, users: ['ada@contoso.example', 'grace@contoso.example'] }],
  },
);
export type SeatsToAssign = Static<typeof seatsToAssign>;

const seatsToRelease = Type.Object(
  {
    productType,
    users: Type.Optional(users),
    userIds: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
          description: 'A user by its id, which is left of one whose address was erased.',
        }),
        { minItems: 1, maxItems: usersAtOnceMax },
      ),
    ),
  },
  {
    title: 'SeatsToRelease',
    additionalProperties: false,
    description: 'Names users, userIds or both.',
    examples: [
      { productType: 2048, users: ['ada@contoso.example'] },
      { productType: 2048, userIds: ['5b3f3a52-6a0e-4d5c-9f0b-2f6c7f0d6a11'] },
    ],
  },
);
export type SeatsToRelease = Static<typeof seatsToRelease>;

const assignmentReport = Type.Object(
  {
    changed: Type.Integer({ minimum: 0, description: 'Users that got a seat, or gave it back.' }),
    unchanged: Type.Integer({ minimum: 0, description: 'Users that had one already, or had none.' }),
    seats: Type.Object(seatCount, {
      additionalProperties: false,
      description: 'The seats of the product afterwards.',
    }),
    sequence: Type.Integer({
      minimum: 0,
      description: 'The event of the record that these numbers last changed with; 0 where there is none.',
    }),
  },
  { title: 'AssignmentReport', additionalProperties: false },
);
export type AssignmentReport = Static<typeof assignmentReport>;

const userToErase = Type.Object(
  { user: address },
  { title: 'UserToErase', additionalProperties: false, examples: [{ user: 'ada@contoso.example' }] },
);
export type UserToErase = Static<typeof userToErase>;

const erasedUser = Type.Object(
  { userId: Type.String({ description: 'What is left of the user.' }) },
  { title: 'ErasedUser', additionalProperties: false },
);
export type ErasedUser = Static<typeof erasedUser>;

const userId = '5b3f3a52-6a0e-4d5c-9f0b-2f6c7f0d6a11';
const write = {
  path: Type.Object(customerPath),
  query: Type.Object({}),
  header: Type.Object(writeHeaders),
};

export const listAssignments = {
  id: 'listAssignments',
  method: 'GET',
  path: '/api/v1/customers/{customerId}/assignments',
  tag: 'Management',
  summary: 'List the users of a customer that hold seats',
  permission: 'seatledger.read',
  parameters: { path: Type.Object(customerPath), query: Type.Object(pageQuery) },
  answer: {
    status: 200,
    description: 'One page, by product type and user id.',
    content: jsonContent(assignmentPage, {
      page: {
        data: [
          { productType: 2048, userId, user: 'ada@contoso.example', assignedSequence: 18 },
          {
            productType: 2048,
            userId: 'c0a3a1de-34c7-4f9e-8b8f-0f5d0c1c2b77',
            user: null,
            assignedSequence: 19,
          },
        ],
        nextCursor: null,
      },
    }),
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'customer_not_found'],
} as const satisfies Operation;

export const assignSeats = {
  id: 'assignSeats',
  method: 'POST',
  path: '/api/v1/customers/{customerId}/assignments',
  tag: 'Management',
  summary: 'Assign seats of a product to users, to all or to none of them',
  description:
    'A user that holds a seat of the product keeps it. Where fewer seats are available than are needed, nobody gets one.',
  permission: 'seatledger.write',
  parameters: write,
  body: { 'application/json': seatsToAssign },
  answer: {
    status: 200,
    description: 'How many users got a seat, and the seats that there are now.',
    content: jsonContent(assignmentReport, {
      assigned: {
        changed: 2,
        unchanged: 1,
        seats: { purchased: 25, assigned: 3, available: 22 },
        sequence: 19,
      },
    }),
  },
  problems: [...writeProblems, 'body_invalid', 'customer_not_found', 'seats_insufficient'],
} as const satisfies Operation;

export const releaseSeats = {
  id: 'releaseSeats',
  method: 'POST',
  path: '/api/v1/customers/{customerId}/assignments/release',
  tag: 'Management',
  summary: 'Take seats of a product back from users',
  description: 'A user that holds no seat of the product, or that there is not, is no mistake.',
  permission: 'seatledger.write',
  parameters: write,
  body: { 'application/json': seatsToRelease },
  answer: {
    status: 200,
    description: 'How many users gave a seat back, and the seats that there are now.',
    content: jsonContent(assignmentReport, {
      released: {
        changed: 1,
        unchanged: 0,
        seats: { purchased: 25, assigned: 2, available: 23 },
        sequence: 20,
      },
    }),
  },
  problems: [...writeProblems, 'body_invalid', 'customer_not_found'],
} as const satisfies Operation;

export const eraseUser = {
  id: 'eraseUser',
  method: 'POST',
  path: '/api/v1/customers/{customerId}/users/erase',
  tag: 'Management',
  summary: 'Erase the address of a user for good',
  description:
    'Counts and record stay as they are: they name the user by a random id, which leads nowhere then. Seats that the user holds stay ' +
    'assigned to the id and can be released by it.',
  permission: 'seatledger.write',
  parameters: write,
  body: { 'application/json': userToErase },
  answer: {
    status: 200,
    description: 'The address is gone.',
    content: jsonContent(erasedUser, { erased: { userId } }),
  },
  problems: [...writeProblems, 'body_invalid', 'customer_not_found', 'user_not_found'],
} as const satisfies Operation;
