/** Customer groups. They concern the whole partner, so all of this needs an app that sees all customers. */

import { type Static, Type } from '../type.ts';
import {
  changedSequence,
  changeHeaders,
  changeProblems,
  createdHeaders,
  jsonContent,
  pageOf,
  pageQuery,
  versionHeaders,
  writeHeaders,
  writeProblems,
} from '../management.ts';
import type { Operation } from '../operation.ts';
import { nameLengthMax } from '../texts.ts';

/** How many customers can join or leave a group at once. */
const membersAtOnceMax = 1000;

const customerGroup = Type.Object(
  { groupId: Type.Integer(), name: Type.String(), changedSequence },
  { title: 'CustomerGroup', additionalProperties: false },
);
export type CustomerGroup = Static<typeof customerGroup>;

const groupPage = pageOf('CustomerGroupPage', customerGroup);
export type CustomerGroupPage = Static<typeof groupPage>;

const memberPage = pageOf('CustomerIdPage', Type.String());
export type CustomerIdPage = Static<typeof memberPage>;

const groupFacts = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: nameLengthMax,
      description: 'No control characters, and no blank at either end. No other group of the partner has it.',
    }),
  },
  { title: 'CustomerGroupFacts', additionalProperties: false, examples: [{ name: 'Retail' }] },
);
export type CustomerGroupFacts = Static<typeof groupFacts>;

const members = Type.Object(
  { customerIds: Type.Array(Type.String(), { minItems: 1, maxItems: membersAtOnceMax }) },
  { title: 'Members', additionalProperties: false, examples: [{ customerIds: ['contoso', 'fabrikam'] }] },
);
export type Members = Static<typeof members>;

const membershipChange = Type.Object(
  {
    changed: Type.Integer({ minimum: 0, description: 'Customers that joined, or left.' }),
    unchanged: Type.Integer({ minimum: 0, description: 'Those that were in already, or out.' }),
  },
  { title: 'MembershipChange', additionalProperties: false },
);
export type MembershipChange = Static<typeof membershipChange>;

const example: CustomerGroup = { groupId: 21, name: 'Retail', changedSequence: 21 };
const groupPath = Type.Object({
  groupId: Type.String({ description: 'The id of the customer group, a number.' }),
});
const groupProblems = ['customer_scope_insufficient', 'group_not_found'] as const;

export const listGroups = {
  id: 'listGroups',
  method: 'GET',
  path: '/api/v1/groups',
  tag: 'Management',
  summary: 'List the customer groups',
  permission: 'seatledger.read',
  parameters: { query: Type.Object(pageQuery) },
  answer: {
    status: 200,
    description: 'One page, by group id.',
    content: jsonContent(groupPage, { page: { data: [example], nextCursor: null } }),
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'customer_scope_insufficient'],
} as const satisfies Operation;

export const createGroup = {
  id: 'createGroup',
  method: 'POST',
  path: '/api/v1/groups',
  tag: 'Management',
  summary: 'Create a customer group',
  permission: 'seatledger.write',
  parameters: { query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': groupFacts },
  answer: {
    status: 201,
    description: 'The group, which has no customers yet.',
    headers: createdHeaders,
    content: jsonContent(customerGroup, { created: example }),
  },
  problems: [...writeProblems, 'body_invalid', 'customer_scope_insufficient', 'group_exists'],
} as const satisfies Operation;

export const getGroup = {
  id: 'getGroup',
  method: 'GET',
  path: '/api/v1/groups/{groupId}',
  tag: 'Management',
  summary: 'Get a customer group',
  permission: 'seatledger.read',
  parameters: { path: groupPath, query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'The group.',
    headers: versionHeaders,
    content: jsonContent(customerGroup, { group: example }),
  },
  problems: ['parameter_unknown', ...groupProblems],
} as const satisfies Operation;

export const changeGroup = {
  id: 'changeGroup',
  method: 'PATCH',
  path: '/api/v1/groups/{groupId}',
  tag: 'Management',
  summary: 'Change the name of a customer group',
  permission: 'seatledger.write',
  parameters: { path: groupPath, query: Type.Object({}), header: Type.Object(changeHeaders) },
  body: { 'application/json': { ...groupFacts, examples: [{ name: 'Wholesale' }] } },
  answer: {
    status: 200,
    description: 'The group as it is now.',
    headers: versionHeaders,
    content: jsonContent(customerGroup, { changed: example }),
  },
  problems: [...changeProblems, 'body_invalid', ...groupProblems, 'group_exists'],
} as const satisfies Operation;

export const deleteGroup = {
  id: 'deleteGroup',
  method: 'DELETE',
  path: '/api/v1/groups/{groupId}',
  tag: 'Management',
  summary: 'Delete a customer group',
  permission: 'seatledger.write',
  parameters: { path: groupPath, query: Type.Object({}), header: Type.Object(changeHeaders) },
  answer: { status: 204, description: 'The group is gone; its customers stay.' },
  problems: [...changeProblems, ...groupProblems],
} as const satisfies Operation;

export const listGroupCustomers = {
  id: 'listGroupCustomers',
  method: 'GET',
  path: '/api/v1/groups/{groupId}/customers',
  tag: 'Management',
  summary: 'List the customers of a group',
  permission: 'seatledger.read',
  parameters: { path: groupPath, query: Type.Object(pageQuery) },
  answer: {
    status: 200,
    description: 'One page of customer ids, in their order.',
    content: jsonContent(memberPage, {
      page: { data: ['4de84505-fa99-5266-a644-e6bac921c6c9'], nextCursor: null },
    }),
  },
  problems: ['parameter_invalid', 'parameter_unknown', ...groupProblems],
} as const satisfies Operation;

export const joinGroup = {
  id: 'joinGroup',
  method: 'POST',
  path: '/api/v1/groups/{groupId}/customers',
  tag: 'Management',
  summary: 'Add customers to a group, all or none of them',
  permission: 'seatledger.write',
  parameters: { path: groupPath, query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': members },
  answer: {
    status: 200,
    description: 'How many customers joined.',
    content: jsonContent(membershipChange, { joined: { changed: 2, unchanged: 1 } }),
  },
  problems: [...writeProblems, 'body_invalid', ...groupProblems],
} as const satisfies Operation;

export const leaveGroup = {
  id: 'leaveGroup',
  method: 'POST',
  path: '/api/v1/groups/{groupId}/customers/remove',
  tag: 'Management',
  summary: 'Remove customers from a group',
  description: 'A customer that is not in the group, or that there is not, is no mistake.',
  permission: 'seatledger.write',
  parameters: { path: groupPath, query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': members },
  answer: {
    status: 200,
    description: 'How many customers left.',
    content: jsonContent(membershipChange, { left: { changed: 2, unchanged: 1 } }),
  },
  problems: [...writeProblems, 'body_invalid', ...groupProblems],
} as const satisfies Operation;
