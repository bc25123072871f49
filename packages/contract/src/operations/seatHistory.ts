/** How seats came to be what they are: one line of NDJSON for each change of a number, or for each holding that differs. */

import { type Static, type TSchema, Type } from '../type.ts';
import { orNull } from '../management.ts';
import type { Operation } from '../operation.ts';
import { seatCount } from '../seatCount.ts';
import { holdingPath } from './getSeats.ts';
import { holdingQuery } from './listSeats.ts';

/** How many causes of one difference are listed; the rest are counted. */
export const causesListedMax = 100;

const cause = Type.Union([
  Type.Object(
    { kind: Type.Enum(['term_started', 'term_ended']) },
    { additionalProperties: false, description: 'The term of a line began or ended.' },
  ),
  Type.Object(
    {
      kind: Type.Literal('recorded'),
      sequence: Type.Integer({ description: 'The event of the record.' }),
      event: Type.String({ description: 'The kind of the event, for example line.added.' }),
      actor: Type.String({ description: 'Who changed it: app: and a client id, or operator.' }),
      reason: orNull(Type.String()),
    },
    { additionalProperties: false, description: 'A change was recorded.' },
  ),
]);

const seatPoint = Type.Object(
  {
    at: Type.String({
      format: 'date-time',
      description: 'From when on, and up to the next point, the numbers hold.',
    }),
    ...seatCount,
    cause: orNull(cause),
  },
  { title: 'SeatPoint', additionalProperties: false },
);
export type SeatPoint = Static<typeof seatPoint>;

const seatDifference = Type.Object(
  {
    customerId: Type.String(),
    organization: Type.String(),
    productType: Type.Integer(),
    product: Type.String({ description: 'The name of the product.' }),
    before: Type.Object(seatCount, { additionalProperties: false }),
    after: Type.Object(seatCount, { additionalProperties: false }),
    change: Type.Object(
      { purchased: Type.Integer(), assigned: Type.Integer(), available: Type.Integer() },
      { additionalProperties: false, description: 'After less before.' },
    ),
    causes: Type.Array(seatPoint, {
      maxItems: causesListedMax,
      description: `Each change of a number on the way, in order; the first ${causesListedMax} of them.`,
    }),
    causeCount: Type.Integer({ minimum: 1, description: 'How many there are.' }),
  },
  { title: 'SeatDifference', additionalProperties: false },
);
export type SeatDifference = Static<typeof seatDifference>;

function instant(description: string) {
  return Type.Optional(Type.String({ maxLength: 40, description: `${description} ISO 8601.` }));
}
function event(description: string, examples: readonly number[] = []) {
  return Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description,
      ...(examples.length === 0 ? {} : { examples }),
    }),
  );
}

/** Two moments, each named by an instant or by an event. */
const period = {
  from: instant('The first moment, as an instant.'),
  fromSequence: event('The first moment, as the one after this event and the change that it is of.', [1]),
  to: instant(
    'The second moment, as an instant; now where none is named, and one to come gives the terms to come.',
  ),
  toSequence: event('The second moment, as the one after this event and the change that it is of.'),
};

const historyQuery = Type.Object(period);
export type SeatHistoryQuery = Static<typeof historyQuery>;

const differencesQuery = Type.Object({ ...period, ...holdingQuery });
export type SeatDifferencesQuery = Static<typeof differencesQuery>;

function lineContent<Schema extends TSchema>(
  schema: Schema,
  examples: Readonly<Record<string, Static<Schema>>>,
) {
  return { 'application/x-ndjson': { schema, examples } } as const;
}

const recorded: SeatPoint = {
  at: '2026-01-31T09:30:00.000Z',
  purchased: 25,
  assigned: 0,
  available: 25,
  cause: {
    kind: 'recorded',
    sequence: 17,
    event: 'line.added',
    actor: 'app:7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
    reason: 'order 4711',
  },
};

const periodProblems = ['parameter_invalid', 'parameter_unknown', 'customer_not_found'] as const;

/** The numbers of a holding at one moment, and each change of them up to another. */
export const getSeatHistory = {
  id: 'getSeatHistory',
  method: 'GET',
  path: '/api/v1/customers/{customerId}/seats/{productType}/history',
  tag: 'Management',
  summary: 'Read how the seats of one customer and product came to be what they are',
  description:
    'Without from or fromSequence, from the beginning of the record. The first line is the numbers at the first moment and has no ' +
    'cause. An answer that breaks off is not complete: the connection is cut then.',
  permission: 'seatledger.read',
  parameters: { path: Type.Object(holdingPath), query: historyQuery },
  answer: {
    status: 200,
    description: 'One point a line, in order of time.',
    content: lineContent(seatPoint, {
      beginning: { at: '2026-01-01T00:00:00.000Z', purchased: 0, assigned: 0, available: 0, cause: null },
      recorded,
      termEnded: {
        at: '2027-01-01T00:00:00.000Z',
        purchased: 0,
        assigned: 3,
        available: -3,
        cause: { kind: 'term_ended' },
      },
    }),
  },
  problems: [...periodProblems, 'product_type_unknown'],
} as const satisfies Operation;

/** What differs between two moments, and why, over every customer and product that the app may see. */
export const listSeatDifferences = {
  id: 'listSeatDifferences',
  method: 'GET',
  path: '/api/v1/seats/diff',
  tag: 'Management',
  summary: 'List which seats differ between two moments, and why',
  description:
    'Names from or fromSequence. A line is sent as soon as it is known. An answer that breaks off is not complete: the connection is ' +
    'cut then.',
  permission: 'seatledger.read',
  parameters: { query: differencesQuery },
  answer: {
    status: 200,
    description:
      'One customer and product a line, by customer id and product type; those that do not differ are left out.',
    content: lineContent(seatDifference, {
      difference: {
        customerId: '4de84505-fa99-5266-a644-e6bac921c6c9',
        organization: 'Customer A',
        productType: 2048,
        product: 'Cloud Backup for Microsoft 365',
        before: { purchased: 0, assigned: 0, available: 0 },
        after: { purchased: 25, assigned: 0, available: 25 },
        change: { purchased: 25, assigned: 0, available: 25 },
        causes: [recorded],
        causeCount: 1,
      },
    }),
  },
  problems: periodProblems,
} as const satisfies Operation;
