/** The product that a request names, by its number or by its name. */

import { ProblemError, productByType, productNamed, products, type ProductType } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import { refuseBody } from '../estate/index.ts';
import { refuseParameter } from './page.ts';

export const unknownProductDetail = `The product types are ${products.map(({ type }) => type).join(', ')}.`;

/** The product that a path names. Throws `product_type_unknown`. */
export function productOf({ params }: FastifyRequest): ProductType {
  const product = productNamed((params as { productType: string }).productType);
  if (product === undefined) throw new ProblemError('product_type_unknown', { detail: unknownProductDetail });
  return product.type;
}

/** The product that a query asks for; null where it asks for all. Throws `parameter_invalid`. */
export function productAsked(text: string | undefined): ProductType | null {
  if (text === undefined) return null;
  return productNamed(text)?.type ?? refuseParameter('productType', 'product_type_unknown');
}

/** The product that a body names. Throws `body_invalid`. */
export function productOfBody(type: number): ProductType {
  return productByType(type)?.type ?? refuseBody('productType', 'product_type_unknown');
}
