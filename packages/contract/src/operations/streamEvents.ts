import { type Static, Type } from '../type.ts';
import type { Operation } from '../operation.ts';

const query = Type.Object({
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'The last event that is known already. Last-Event-ID says more; without either, the stream begins with what is recorded from now on.',
    }),
  ),
});
export type StreamEventsQuery = Static<typeof query>;

/** The request header with which a client that lost its connection goes on. Source: the HTML standard, "Server-sent events". */
export const lastEventIdHeader = 'last-event-id';

/** Events as they are recorded, as the HTML standard has server-sent events. */
export const streamEvents = {
  id: 'streamEvents',
  method: 'GET',
  path: '/api/v1/events/stream',
  tag: 'Management',
  summary: 'Follow the events of the record as they are recorded',
  description:
    'Server-sent events: id is the sequence, event the kind, and data the event as listEvents shows it. Whoever goes on with the last ' +
    'id as Last-Event-ID gets every event once, whichever process answers; what the app does not see moves the id alone. A comment comes ' +
    'every 15 seconds where there is nothing to tell. The stream ends when the token does, within a second after the app may not read ' +
    'any more, and when the server stops. An app can have 10 streams of a process open.',
  permission: 'seatledger.read',
  parameters: {
    query,
    header: Type.Object({
      'Last-Event-ID': Type.Optional(Type.String({ description: 'The id of the last event that came.' })),
    }),
  },
  answer: {
    status: 200,
    description: 'Events without an end.',
    content: {
      'text/event-stream': {
        schema: Type.String(),
        examples: {
          event: `id: 18
event: seat.assigned
data: {"sequence":18,"recordedAt":"2026-01-31T09:30:00.000Z","actor":"app:7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11","reason":null,"kind":"seat.assigned","subject":"5b3f3a52-6a0e-4d5c-9f0b-2f6c7f0d6a11","customerId":"4de84505-fa99-5266-a644-e6bac921c6c9","before":null,"after":{"customerId":"4de84505-fa99-5266-a644-e6bac921c6c9","productType":2048,"userId":"5b3f3a52-6a0e-4d5c-9f0b-2f6c7f0d6a11"}}

`,
        },
      },
    },
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'stream_limit_reached', 'streams_busy'],
} as const satisfies Operation;
