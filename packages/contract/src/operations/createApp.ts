import { Type } from 'typebox';
import { appRegistrationExample, createdAppRegistration, newAppRegistration } from '../appRegistrations.ts';
import type { Operation } from '../operation.ts';

/** A new app registration with one client secret, which this answer alone ever shows. */
export const createApp = {
  id: 'createApp',
  method: 'POST',
  path: '/api/v1/apps',
  tag: 'Management',
  summary: 'Register an app and make its client secret',
  description: 'An app can give only permissions that it holds itself.',
  permission: 'seatledger.admin',
  parameters: { query: Type.Object({}) },
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
    'parameter_unknown',
    'body_invalid',
    'customer_scope_insufficient',
    'grant_exceeds_own',
    'storage_full',
  ],
} as const satisfies Operation;
