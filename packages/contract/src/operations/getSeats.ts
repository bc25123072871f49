import { type Static, Type } from '../type.ts';
import { customerPath, jsonContent, orNull } from '../management.ts';
import type { Operation } from '../operation.ts';
import { asOfQuery, productSeats, seatsOfMoment } from './listSeats.ts';

/** What a path that names a customer and a product of it has. */
export const holdingPath = {
  ...customerPath,
  productType: Type.String({ description: 'The product, by number or by name; case is ignored.' }),
};

const customerSeats = Type.Object(
  {
    ...productSeats.properties,
    sequence: Type.Integer({
      minimum: 0,
      description:
        'The event of the record that the numbers last changed with; 0 where the customer never had a line of the product.',
    }),
    recordedAt: orNull(
      Type.String({
        format: 'date-time',
        description: 'When that event was recorded; null where there is none.',
      }),
    ),
    ...seatsOfMoment,
  },
  { title: 'CustomerSeats', additionalProperties: false },
);
export type CustomerSeats = Static<typeof customerSeats>;

const query = Type.Object(asOfQuery);
export type GetSeatsQuery = Static<typeof query>;

const example: CustomerSeats = {
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
  asOf: '2026-02-01T00:00:00.000Z',
  asOfSequence: 20,
};

/** Purchased, assigned and available seats of one customer and product, now or as of a moment. */
export const getSeats = {
  id: 'getSeats',
  method: 'GET',
  path: '/api/v1/customers/{customerId}/seats/{productType}',
  tag: 'Management',
  summary: 'Get the seats of one customer and product, now or as of a moment',
  permission: 'seatledger.read',
  parameters: { path: Type.Object(holdingPath), query },
  answer: {
    status: 200,
    description: 'The seats; none where the customer never had a line of the product.',
    content: jsonContent(customerSeats, { seats: example }),
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'product_type_unknown', 'customer_not_found'],
} as const satisfies Operation;
