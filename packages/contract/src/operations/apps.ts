/** App registrations and their credentials. They concern the whole partner, so all of this needs an app that sees all customers. */

import { type Static, Type } from '../type.ts';
import {
  appRegistration,
  appRegistrationChange,
  appRegistrationExample,
  createdAppRegistration,
  createdCredential,
  credentialExample,
  newAppRegistration,
  newCredential,
  secretExample,
} from '../appRegistrations.ts';
import {
  changeHeaders,
  changeProblems,
  createdHeaders,
  jsonContent,
  versionHeaders,
  writeHeaders,
  writeProblems,
} from '../management.ts';
import type { Operation } from '../operation.ts';

const appList = Type.Object(
  { data: Type.Array(appRegistration) },
  { title: 'AppRegistrations', additionalProperties: false },
);
export type AppList = Static<typeof appList>;

const clientId = Type.String({ description: 'The application (client) id; case is ignored.' });
const appPath = Type.Object({ clientId });
const appProblems = ['customer_scope_insufficient', 'app_not_found'] as const;

/** The app registrations of the partner, by name. Secrets are shown by their last four characters. */
export const listApps = {
  id: 'listApps',
  method: 'GET',
  path: '/api/v1/apps',
  tag: 'Management',
  summary: 'List the app registrations',
  permission: 'seatledger.admin',
  parameters: { query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'All app registrations of the partner, by name.',
    content: jsonContent(appList, { one: { data: [appRegistrationExample] } }),
  },
  problems: ['parameter_unknown', 'customer_scope_insufficient'],
} as const satisfies Operation;

/** A new app registration. Where a client secret is made, this answer alone ever shows it. */
export const createApp = {
  id: 'createApp',
  method: 'POST',
  path: '/api/v1/apps',
  tag: 'Management',
  summary: 'Register an app',
  description:
    'A client secret is made, unless certificates are given without secretYears. An app can give only permissions that it holds itself. ' +
    'Sent again with its Idempotency-Key, the request is told that it was done: the secret is not shown again.',
  permission: 'seatledger.admin',
  parameters: { query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': newAppRegistration },
  answer: {
    status: 201,
    description: 'The registration, and its secret.',
    headers: createdHeaders,
    content: jsonContent(createdAppRegistration, {
      created: { ...appRegistrationExample, clientSecret: secretExample },
    }),
  },
  problems: [
    ...writeProblems,
    'body_invalid',
    'customer_scope_insufficient',
    'grant_exceeds_own',
    'idempotent_answer_not_kept',
  ],
} as const satisfies Operation;

export const getApp = {
  id: 'getApp',
  method: 'GET',
  path: '/api/v1/apps/{clientId}',
  tag: 'Management',
  summary: 'Get an app registration',
  permission: 'seatledger.admin',
  parameters: { path: appPath, query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'The registration.',
    headers: versionHeaders,
    content: jsonContent(appRegistration, { app: appRegistrationExample }),
  },
  problems: ['parameter_unknown', ...appProblems],
} as const satisfies Operation;

/** Changes what is given, and leaves the rest. Tokens that were issued before are good for what they still may do. */
export const changeApp = {
  id: 'changeApp',
  method: 'PATCH',
  path: '/api/v1/apps/{clientId}',
  tag: 'Management',
  summary: 'Change, disable or enable an app registration',
  description:
    'What is given is changed and takes effect within a second, on tokens that were issued before too. An app can add only permissions that ' +
    'it holds itself, and enable only an app that holds no other.',
  permission: 'seatledger.admin',
  parameters: { path: appPath, query: Type.Object({}), header: Type.Object(changeHeaders) },
  body: { 'application/json': appRegistrationChange },
  answer: {
    status: 200,
    description: 'The registration as it is now.',
    headers: versionHeaders,
    content: jsonContent(appRegistration, { disabled: { ...appRegistrationExample, disabled: true } }),
  },
  problems: [...changeProblems, 'body_invalid', 'grant_exceeds_own', ...appProblems],
} as const satisfies Operation;

/** Ends an app registration: its credentials get no token any more, and its tokens are refused. */
export const deleteApp = {
  id: 'deleteApp',
  method: 'DELETE',
  path: '/api/v1/apps/{clientId}',
  tag: 'Management',
  summary: 'Delete an app registration',
  permission: 'seatledger.admin',
  parameters: { path: appPath, query: Type.Object({}), header: Type.Object(writeHeaders) },
  answer: { status: 204, description: 'The registration is gone, and its tokens are refused.' },
  problems: [...writeProblems, ...appProblems],
} as const satisfies Operation;

/** One more secret or certificate: several are in force at the same time, so that they can be changed without a gap. */
export const addCredential = {
  id: 'addCredential',
  method: 'POST',
  path: '/api/v1/apps/{clientId}/credentials',
  tag: 'Management',
  summary: 'Add a client secret or a certificate to an app',
  description:
    'An app can add a credential only to an app that holds no permission beyond its own: whoever has the credential has those.',
  permission: 'seatledger.admin',
  parameters: { path: appPath, query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': newCredential },
  answer: {
    status: 201,
    description: 'The credential, and its secret where one was made.',
    content: jsonContent(createdCredential, {
      secret: { credential: credentialExample, clientSecret: secretExample },
    }),
  },
  problems: [
    ...writeProblems,
    'body_invalid',
    'credential_limit_reached',
    'grant_exceeds_own',
    'idempotent_answer_not_kept',
    ...appProblems,
  ],
} as const satisfies Operation;

/** Takes a credential away: it gets no token any more, and the tokens that it got are refused. */
export const removeCredential = {
  id: 'removeCredential',
  method: 'DELETE',
  path: '/api/v1/apps/{clientId}/credentials/{credentialId}',
  tag: 'Management',
  summary: 'Remove a client secret or a certificate of an app',
  permission: 'seatledger.admin',
  parameters: {
    path: Type.Object({ clientId, credentialId: Type.String({ description: 'The id of the credential.' }) }),
    query: Type.Object({}),
    header: Type.Object(writeHeaders),
  },
  answer: { status: 204, description: 'The credential is gone, and tokens that it got are refused.' },
  problems: [...writeProblems, 'credential_not_found', ...appProblems],
} as const satisfies Operation;
