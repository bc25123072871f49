import { type Static, Type } from 'typebox';
import { appRegistration, appRegistrationExample } from '../appRegistrations.ts';
import type { Operation } from '../operation.ts';

const appList = Type.Object(
  { data: Type.Array(appRegistration) },
  { title: 'AppRegistrations', additionalProperties: false },
);
export type AppList = Static<typeof appList>;

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
    content: {
      'application/json; charset=utf-8': {
        schema: appList,
        examples: { one: { data: [appRegistrationExample] } },
      },
    },
  },
  problems: ['parameter_unknown', 'customer_scope_insufficient'],
} as const satisfies Operation;
