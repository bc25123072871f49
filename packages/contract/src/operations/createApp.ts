import { Type } from 'typebox';
import { appRegistrationExample, createdAppRegistration, newAppRegistration } from '../appRegistrations.ts';
import { writeHeaders, writeProblems } from '../management.ts';
import type { Operation } from '../operation.ts';

/** A new app registration with one client secret, which this answer alone ever shows. */
export const createApp = {
  id: 'createApp',
  method: 'POST',
  path: '/api/v1/apps',
  tag: 'Management',
  summary: 'Register an app and make its client secret',
  description:
    'An app can give only permissions that it holds itself. Sent again with its Idempotency-Key, the request is told that it was done: the ' +
    'secret is not shown again.',
  permission: 'seatledger.admin',
  parameters: { query: Type.Object({}), header: Type.Object(writeHeaders) },
  body: { 'application/json': newAppRegistration },
  answer: {
    status: 201,
    description: 'The registration and its secret.',
    content: {
      'application/json; charset=utf-8': {
        schema: createdAppRegistration,
        examples: {
          created: {
            ...appRegistrationExample,
            clientSecret: 'sls_Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCBzZWNyZXQ',
          },
        },
      },
    },
  },
  problems: [
    ...writeProblems,
    'body_invalid',
    'customer_scope_insufficient',
    'grant_exceeds_own',
    'idempotent_answer_not_kept',
  ],
} as const satisfies Operation;
