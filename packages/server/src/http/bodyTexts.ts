/** What texts in a body mean: instants, resources and customers. */

import {
  type CustomerId,
  defaultResource,
  parseCustomerId,
  productByType,
  type Resource,
  resourceNamed,
} from '@seatledger/contract';
import { refuseBody } from '../estate/index.ts';
import { instantFromWire } from './instants.ts';
import { productOfBody } from './productOf.ts';

/** Epoch milliseconds. Throws `body_invalid`. */
export function instantOf(field: string, text: string): number {
  return instantFromWire(text) ?? refuseBody(field, 'instant_invalid');
}

/** A term: what the body leaves out stays undefined, and an end of null is none. Throws `body_invalid`. */
export function termOf({ startsAt, expiresAt }: { startsAt?: string; expiresAt?: string | null }): {
  startsAt: number | undefined;
  expiresAt: number | null | undefined;
} {
  return {
    startsAt: startsAt === undefined ? undefined : instantOf('startsAt', startsAt),
    expiresAt: typeof expiresAt === 'string' ? instantOf('expiresAt', expiresAt) : expiresAt,
  };
}

/** The resource that is named, or the default one of the product. Throws `body_invalid`. */
export function resourceOf({
  productType,
  resource: text,
}: {
  productType?: number;
  resource?: string;
}): Resource {
  const product = productType === undefined ? undefined : productOfBody(productType);
  if (text === undefined) {
    return product === undefined
      ? refuseBody('productType', 'value_required', 'Name a product, a resource or both.')
      : defaultResource(product);
  }
  const resource = resourceNamed(text) ?? refuseBody('resource', 'resource_unknown');
  if (product !== undefined && resource.productType !== product) {
    const { id } = resource;
    const its = productByType(resource.productType)?.name;
    refuseBody(
      'resource',
      'resource_of_other_product',
      `The resource ${id} is one of product ${resource.productType} (${its}).`,
    );
  }
  return resource;
}

/** Throws `body_invalid`. */
export function customerIdOf(field: string, text: string): CustomerId {
  return parseCustomerId(text) ?? refuseBody(field, 'customer_id_invalid');
}
