import { Type } from '../type.ts';
import type { Operation } from '../operation.ts';

/** Whether the process answers at all. One that does not is to be started anew. */
export const getLiveness = {
  id: 'getLiveness',
  method: 'GET',
  path: '/livez',
  tag: 'Server',
  summary: 'Ask whether the process answers',
  answer: {
    status: 200,
    description: 'It does, whatever becomes of its database.',
    content: {
      'application/json; charset=utf-8': {
        schema: Type.Object(
          { status: Type.Literal('live') },
          { title: 'Liveness', additionalProperties: false },
        ),
        examples: { live: { status: 'live' } },
      },
    },
  },
  problems: [],
} as const satisfies Operation;

/** Whether requests are to be sent to the process: its database answers and has the schema, and its keys can be read. */
export const getReadiness = {
  id: 'getReadiness',
  method: 'GET',
  path: '/readyz',
  tag: 'Server',
  summary: 'Ask whether requests can be answered',
  description:
    'It is answered within a second, also where the database hangs, from what was seen at most half a second ago.',
  answer: {
    status: 200,
    description: 'They can.',
    content: {
      'application/json; charset=utf-8': {
        schema: Type.Object(
          { status: Type.Literal('ready') },
          { title: 'Readiness', additionalProperties: false },
        ),
        examples: { ready: { status: 'ready' } },
      },
    },
  },
  problems: ['rights_unverified'],
} as const satisfies Operation;
