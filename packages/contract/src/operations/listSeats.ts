import { type Static, Type } from 'typebox';
import { customerIdPattern } from '../customers.ts';
import type { Operation } from '../operation.ts';
import { seatCount } from '../seatCount.ts';

export const productSeats = Type.Object(
  {
    customerId: Type.String(),
    organization: Type.String(),
    productType: Type.Integer(),
    product: Type.String({ description: 'The name of the product.' }),
    ...seatCount,
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

const query = Type.Object({
  ...holdingQuery,
  ...asOfQuery,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Rows in a page.' }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: 'The nextCursor of the page before.' }),
  ),
});
export type ListSeatsQuery = Static<typeof query>;

/** Purchased, assigned and available seats per customer and product that has or had a line, by customer id and product type. */
export const listSeats = {
  id: 'listSeats',
  method: 'GET',
  path: '/api/v1/seats',
  tag: 'Management',
  summary: 'List the seats of every customer and product that the app may see',
  permission: 'seatledger.read',
  parameters: { query },
  answer: {
    status: 200,
    description: 'One page, by customer id and product type.',
    content: {
      'application/json; charset=utf-8': {
        schema: seatsPage,
        examples: {
          page: {
            sequence: 20,
            asOf: '2026-02-01T00:00:00.000Z',
            data: [
              {
                customerId: '4de84505-fa99-5266-a644-e6bac921c6c9',
                organization: 'Customer A',
                productType: 2048,
                product: 'Cloud Backup for Microsoft 365',
                purchased: 25,
                assigned: 3,
                available: 22,
                sequence: 17,
                recordedAt: '2026-01-31T09:30:00.000Z',
              },
            ],
            nextCursor: null,
          },
        },
      },
    },
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'customer_not_found'],
} as const satisfies Operation;
