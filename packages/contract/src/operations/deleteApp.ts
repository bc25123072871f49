import { Type } from 'typebox';
import { writeHeaders, writeProblems } from '../management.ts';
import type { Operation } from '../operation.ts';

/** Ends an app registration: its secrets get no token any more, and its tokens are refused. */
export const deleteApp = {
  id: 'deleteApp',
  method: 'DELETE',
  path: '/api/v1/apps/{clientId}',
  tag: 'Management',
  summary: 'Delete an app registration',
  permission: 'seatledger.admin',
  parameters: {
    path: Type.Object({
      clientId: Type.String({ description: 'The application (client) id; case is ignored.' }),
    }),
    query: Type.Object({}),
    header: Type.Object(writeHeaders),
  },
  answer: { status: 204, description: 'The registration is gone, and its tokens are refused.' },
  problems: [...writeProblems, 'customer_scope_insufficient', 'app_not_found'],
} as const satisfies Operation;
