/** The events of the record, for whoever follows them. */

import { type Static, Type } from '../type.ts';
import { jsonContent, orNull } from '../management.ts';
import type { Operation } from '../operation.ts';

const state = Type.Unsafe<Readonly<Record<string, unknown>> | null>({
  type: ['object', 'null'],
  additionalProperties: true,
});

const recordedEvent = Type.Object(
  {
    sequence: Type.Integer({ minimum: 1 }),
    recordedAt: Type.String({ format: 'date-time' }),
    actor: Type.String({ description: 'Who changed it: app: and a client id, or operator.' }),
    reason: orNull(Type.String()),
    kind: Type.String({ description: 'What happened, for example line.added.' }),
    subject: Type.String({ description: 'The id of what it happened to.' }),
    customerId: orNull(Type.String({ description: 'Null where the event is about no customer.' })),
    before: state,
    after: state,
  },
  { title: 'RecordedEvent', additionalProperties: false },
);
export type RecordedEvent = Static<typeof recordedEvent>;

const eventsPage = Type.Object(
  {
    data: Type.Array(recordedEvent),
    nextAfter: Type.Integer({ minimum: 0, description: 'What to send as after to go on.' }),
    hasMore: Type.Boolean({
      description:
        'Whether the record went on when the page was read. A page may be short, or empty, and yet have more after it.',
    }),
  },
  { title: 'EventsPage', additionalProperties: false },
);
export type EventsPage = Static<typeof eventsPage>;

const eventsQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 0,
      description: 'The last event that is known already.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Events in a page.' }),
  ),
});
export type ListEventsQuery = Static<typeof eventsQuery>;

const recordHead = Type.Object(
  {
    sequence: Type.Integer({ minimum: 0, description: 'The last event; 0 before the first.' }),
    hash: Type.String({ description: 'The last link of the chain, SHA-256 in hex.' }),
    recordedAt: orNull(
      Type.String({
        format: 'date-time',
        description: 'When the last event was recorded; null before the first.',
      }),
    ),
  },
  { title: 'RecordHead', additionalProperties: false },
);
export type RecordHead = Static<typeof recordHead>;

/** The events after one, in sequence. */
export const listEvents = {
  id: 'listEvents',
  method: 'GET',
  path: '/api/v1/events',
  tag: 'Management',
  summary: 'List the events of the record',
  description:
    'An app that sees some customers gets the events about those alone. Whoever goes on with nextAfter gets every event once.',
  permission: 'seatledger.read',
  parameters: { query: eventsQuery },
  answer: {
    status: 200,
    description: 'One page, in sequence.',
    isConditional: true,
    headers: {
      ETag: 'Weak. As long as it is the same, so is the page; send it as If-None-Match.',
      Vary: 'Authorization, Accept-Encoding.',
    },
    content: jsonContent(eventsPage, {
      page: {
        data: [
          {
            sequence: 18,
            recordedAt: '2026-01-31T09:30:00.000Z',
            actor: 'app:7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
            reason: null,
            kind: 'seat.assigned',
            subject: '5b3f3a52-6a0e-4d5c-9f0b-2f6c7f0d6a11',
            customerId: '4de84505-fa99-5266-a644-e6bac921c6c9',
            before: null,
            after: {
              customerId: '4de84505-fa99-5266-a644-e6bac921c6c9',
              productType: 2048,
              userId: '5b3f3a52-6a0e-4d5c-9f0b-2f6c7f0d6a11',
            },
          },
        ],
        nextAfter: 18,
        hasMore: false,
      },
    }),
  },
  problems: ['parameter_invalid', 'parameter_unknown'],
} as const satisfies Operation;

/** The end of the record: with it, `verify` proves that nothing was rewritten since. */
export const getRecordHead = {
  id: 'getRecordHead',
  method: 'GET',
  path: '/api/v1/events/head',
  tag: 'Management',
  summary: 'Get the end of the record, to keep elsewhere as a proof',
  permission: 'seatledger.read',
  parameters: { query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'The last event and the hash of the chain.',
    content: jsonContent(recordHead, {
      head: {
        sequence: 20,
        hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        recordedAt: '2026-01-31T09:30:00.000Z',
      },
    }),
  },
  problems: ['parameter_unknown'],
} as const satisfies Operation;
