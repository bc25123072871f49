import {
  type CustomerId,
  fieldProblem,
  type ListSeatsQuery,
  operations,
  parseCustomerId,
  parseProductTypeText,
  ProblemError,
  type ProductSeats,
  productByName,
  productByType,
  type ProductType,
  type SeatsPage,
} from '@seatledger/contract';
import type { EstateReads } from '../../estate/index.ts';
import type { Caller } from '../../identity/index.ts';
import type { Holding, Seats, SeatsOfHolding } from '../../ledger/index.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import type { Route } from '../route.ts';

const rowsDefault = 100;

export function listSeats(seats: Seats, estate: EstateReads): Route {
  return {
    operation: operations.listSeats,
    async answer(request): Promise<SeatsPage> {
      const { customerId, productType, limit = rowsDefault, cursor } = request.query as ListSeatsQuery;
      const caller = callerOf(request);
      const after = cursor === undefined ? null : cursorFromWire(cursor);
      const product = productType === undefined ? null : productFromWire(productType);
      const customers =
        customerId === undefined ? customersOf(caller) : [await customerSeen(estate, caller, customerId)];
      // One row more than asked for tells whether there is a next page.
      const rows = await seats.list(caller.partnerId, { customers, productType: product, after }, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        data: page.map(rowToWire),
        nextCursor: last !== undefined && rows.length > limit ? cursorToWire(last) : null,
      };
    },
  };
}

function customersOf({ customers }: Caller): 'all' | readonly CustomerId[] {
  return customers === 'all' ? 'all' : [...customers];
}

async function customerSeen(
  estate: EstateReads,
  { partnerId, customers }: Caller,
  text: string,
): Promise<CustomerId> {
  const customerId = parseCustomerId(text);
  const isInScope = customerId !== undefined && (customers === 'all' || customers.has(customerId));
  if (!isInScope || !(await estate.hasCustomer(partnerId, customerId)))
    throw new ProblemError('customer_not_found');
  return customerId;
}

function productFromWire(text: string): ProductType {
  const type = parseProductTypeText(text);
  const product = type === undefined ? productByName(text) : productByType(type);
  if (product === undefined) {
    throw new ProblemError('parameter_invalid', {
      errors: [fieldProblem('productType', 'product_type_unknown')],
    });
  }
  return product.type;
}

function rowToWire({
  customerId,
  organization,
  productType,
  purchased,
  assigned,
  available,
  sequence,
  recordedAt,
}: SeatsOfHolding): ProductSeats {
  return {
    customerId,
    organization,
    productType,
    product: productByType(productType)?.name ?? '',
    purchased,
    assigned,
    available,
    sequence,
    recordedAt: instantToWire(recordedAt),
  };
}

function cursorToWire({ customerId, productType }: Holding): string {
  return Buffer.from(`${customerId} ${productType}`).toString('base64url');
}

function cursorFromWire(cursor: string): Holding {
  const [customerText = '', productText = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const customerId = parseCustomerId(customerText);
  const product = productByType(parseProductTypeText(productText) ?? -1);
  if (customerId === undefined || product === undefined) {
    throw new ProblemError('parameter_invalid', { errors: [fieldProblem('cursor', 'cursor_invalid')] });
  }
  return { customerId, productType: product.type };
}
