import { type Static, Type } from '../type.ts';
import { customerIdPattern } from '../customers.ts';
import type { Operation } from '../operation.ts';
import { seatCount } from '../seatCount.ts';

/** How many sources of one holding are told. */
export const sourcesToldMax = 10;

export const productSeats = Type.Object(
  {
    customerId: Type.String(),
    organization: Type.String(),
    productType: Type.Integer(),
    product: Type.String({ description: 'The name of the product.' }),
    ...seatCount,
    source: Type.Array(Type.String(), {
      maxItems: sourcesToldMax,
      description: `Where the purchased number is from: the sources of the lines that are active, each once and in order; the first ${sourcesToldMax} of them.`,
    }),
    sequence: Type.Integer({ description: 'The event of the record that the numbers last changed with.' }),
    recordedAt: Type.String({ format: 'date-time', description: 'When that event was recorded.' }),
  },
  { title: 'ProductSeats', additionalProperties: false },
);
export type ProductSeats = Static<typeof productSeats>;

const seatsPage = Type.Object(
  {
    sequence: Type.Integer({
      description: 'The last event of the record that the page includes; 0 before the first.',
    }),
    asOf: Type.String({ format: 'date-time', description: 'The instant at which terms were looked at.' }),
    data: Type.Array(productSeats),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'What to send as cursor for the next page; null on the last.',
    }),
  },
  { title: 'SeatsPage', additionalProperties: false },
);
export type SeatsPage = Static<typeof seatsPage>;

/** One line of a stream, which has to say by itself what moment it is of. */
export const seatsOfMoment = {
  asOf: Type.String({ format: 'date-time', description: 'The instant at which terms were looked at.' }),
  asOfSequence: Type.Integer({ description: 'The last event of the record that the numbers include.' }),
};
const seatsLine = Type.Object(
  { ...productSeats.properties, ...seatsOfMoment },
  { title: 'SeatsLine', additionalProperties: false },
);
export type SeatsLine = Static<typeof seatsLine>;

/** The columns of the seats as CSV, in their order. Several sources are in one cell, with a semicolon and a blank between them. */
export const seatsColumns = [
  'customerId',
  'organization',
  'productType',
  'product',
  'purchased',
  'assigned',
  'available',
  'source',
  'sequence',
  'recordedAt',
  'asOf',
  'asOfSequence',
] as const satisfies readonly (keyof SeatsLine)[];

/** Which customers and products a list is of. */
export const holdingQuery = {
  customerId: Type.Optional(
    Type.String({ pattern: customerIdPattern, description: 'Only this customer; case is ignored.' }),
  ),
  productType: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'Only this product, by number or by name.' }),
  ),
};

/** The moment that seats are looked at; now where none is named. */
export const asOfQuery = {
  asOf: Type.Optional(
    Type.String({
      maxLength: 40,
      description:
        'The seats as they were recorded by this instant, ISO 8601, with the terms of then; one to come gives the terms to come.',
    }),
  ),
  asOfSequence: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The seats as they were after this event of the record, and the change that it is of.',
    }),
  ),
};

/** By customer and product, or by a number: from the smallest on, or with a minus from the largest. */
export const seatSorts = [
  'customerId',
  'available',
  '-available',
  'purchased',
  '-purchased',
  'assigned',
  '-assigned',
] as const;
export type SeatSort = (typeof seatSorts)[number];

const query = Type.Object({
  ...holdingQuery,
  groupId: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Only the customers of this customer group, as far as the app sees them.',
    }),
  ),
  availableBelow: Type.Optional(
    Type.Integer({
      minimum: -Number.MAX_SAFE_INTEGER,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Only where fewer seats than so many are available.',
    }),
  ),
  availableShareBelow: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 1,
      description:
        'Only where available, as a part of purchased, is less than this. Where nothing is purchased, a deficit is less than any part, and 0 of 0 is not.',
    }),
  ),
  ...asOfQuery,
  sort: Type.Optional(
    Type.Enum(seatSorts, {
      description:
        'The order of pages: by customer id and product type (customerId, where it is left out), or by a number from the smallest on, with a minus from the largest; those that are equal in it by customer id and product type. A page by a number looks at every row.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'Rows in a page; 100 where it is left out.' }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: 'The nextCursor of the page before.' }),
  ),
});
export type ListSeatsQuery = Static<typeof query>;

const example: ProductSeats = {
  customerId: '4de84505-fa99-5266-a644-e6bac921c6c9',
  organization: 'Customer A',
  productType: 2048,
  product: 'Cloud Backup for Microsoft 365',
  purchased: 25,
  assigned: 3,
  available: 22,
  source: ['import'],
  sequence: 17,
  recordedAt: '2026-01-31T09:30:00.000Z',
};
const asOf = '2026-02-01T00:00:00.000Z';
const line: SeatsLine = { ...example, asOf, asOfSequence: 20 };

/** Purchased, assigned and available seats per customer and product that has or had a line, by customer id and product type. */
export const listSeats = {
  id: 'listSeats',
  method: 'GET',
  path: '/api/v1/seats',
  tag: 'Management',
  summary: 'List the seats of every customer and product that the app may see',
  description:
    'By Accept: a page as application/json, or every row in one answer as application/x-ndjson or text/csv. The rows of a stream are ' +
    'of one moment, in the order of customer id and product type, and sent as they are read; it takes no limit, cursor and other sort. ' +
    'A stream that breaks off is not complete: the connection is cut then. As CSV (RFC 4180, with a header), text that a spreadsheet ' +
    'would run as a formula has an apostrophe before it. Answers are compressed as Accept-Encoding asks.',
  permission: 'seatledger.read',
  parameters: { query },
  answer: {
    status: 200,
    description: 'One page, or all rows.',
    isConditional: true,
    headers: {
      ETag: 'Weak. As long as it is the same, so are the rows; send it as If-None-Match.',
      Vary: 'Authorization, Accept, Accept-Encoding.',
    },
    content: {
      'application/json; charset=utf-8': {
        schema: seatsPage,
        examples: { page: { sequence: 20, asOf, data: [example], nextCursor: null } },
      },
      'application/x-ndjson': { schema: seatsLine, examples: { line } },
      'text/csv; charset=utf-8': {
        schema: Type.String(),
        examples: {
          rows: `${seatsColumns.join(',')}\r\n4de84505-fa99-5266-a644-e6bac921c6c9,Customer A,2048,Cloud Backup for Microsoft 365,25,3,22,import,17,2026-01-31T09:30:00.000Z,${asOf},20\r\n`,
        },
      },
    },
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'customer_not_found', 'group_not_found'],
} as const satisfies Operation;
