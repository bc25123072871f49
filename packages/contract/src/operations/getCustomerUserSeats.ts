import { Type } from '../type.ts';
import { customerPath } from '../management.ts';
import type { Operation } from '../operation.ts';
import { revisionHeaders } from '../partnerContract.ts';
import { products } from '../products.ts';

const productTypeSchema = Type.Enum(
  products.map(({ type }) => type),
  {
    type: 'integer',
    description: `The product type: an opaque code, not a bit mask. ${products.map(({ type, name }) => `${type}: ${name}`).join('; ')}.`,
  },
);

/** The answer of revision 2025-09-26: the seats that can still be assigned. */
export const availableUserSeats = Type.Object(
  {
    productType: productTypeSchema,
    availableUserSeat: Type.Integer({
      minimum: 0,
      description:
        'Seats purchased and not assigned, in whole user seats; 0 where more are assigned than purchased.',
    }),
  },
  { title: 'AvailableUserSeats', additionalProperties: false },
);

/** The answer of revision 2025-10-11: the seats purchased. */
export const purchasedUserSeats = Type.Object(
  {
    productType: productTypeSchema,
    purchasedUserSeat: Type.Integer({ minimum: 0, description: 'Seats purchased, in whole user seats.' }),
  },
  { title: 'PurchasedUserSeats', additionalProperties: false },
);

/**
 * Seats of one product that a customer has.
 *
 * Unit: whole user seats, 0 or more; 0 also for a known customer without a subscription of the product.
 * Source: "Get customer avepoint user seats" (AvePoint Graph API, page of 2025-09-26). Its table calls the response's `productType` a
 * string while its sample and production answer a number; we answer the number.
 */
export const getCustomerUserSeats = {
  id: 'getCustomerUserSeats',
  method: 'GET',
  path: '/partner/external/v3/general/customers/{customerId}/avpt-products/type/{productType}/overview',
  tag: 'Partner contract',
  summary: 'Get the user seats that a customer has for a product',
  description:
    'Answers 0 for a customer without a subscription of the product. A customer that does not exist and one that the app may not see ' +
    'are answered alike. Path case and one trailing slash are ignored.',
  permission: 'elements.license.read.all',
  parameters: {
    path: Type.Object({
      ...customerPath,
      productType: productTypeSchema,
    }),
    header: Type.Object(revisionHeaders),
  },
  answer: {
    status: 200,
    description: 'The seats, in the form of the contract revision asked for.',
    isConditional: true,
    headers: {
      ETag: 'Strong: it is the same where the answer is.',
      Vary: 'Authorization, Api-Version.',
    },
    content: {
      'application/json; charset=utf-8': {
        schema: Type.Union([availableUserSeats, purchasedUserSeats]),
        examples: {
          '2025-09-26': { productType: 2048, availableUserSeat: 25 },
          '2025-10-11': { productType: 2048, purchasedUserSeat: 25 },
        },
      },
    },
  },
  problems: [
    'api_version_unknown',
    'customer_id_invalid',
    'product_type_invalid',
    'product_type_unknown',
    'customer_not_found',
  ],
} as const satisfies Operation;
