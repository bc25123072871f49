import {
  type CustomerId,
  type FieldProblemCode,
  fieldProblem,
  type ListSeatsQuery,
  operations,
  parseCustomerId,
  ProblemError,
  type ProductSeats,
  productByType,
  productNamed,
  type ProductType,
  type SeatsPage,
} from '@seatledger/contract';
import type { EstateReads } from '../../estate/index.ts';
import type { Caller } from '../../identity/index.ts';
import type { Holding, Seats, SeatsOfHolding } from '../../ledger/index.ts';
import type { AsOf, Moment } from '../../record/index.ts';
import { callerOf } from '../guard.ts';
import { instantFromWire, instantToWire, isInstant } from '../instants.ts';
import type { Route } from '../route.ts';

const rowsDefault = 100;

export function listSeats(seats: Seats, estate: EstateReads): Route {
  return {
    operation: operations.listSeats,
    async answer(request): Promise<SeatsPage> {
      const query = request.query as ListSeatsQuery;
      const { customerId, productType, limit = rowsDefault, cursor } = query;
      const caller = callerOf(request);
      const from = cursor === undefined ? undefined : cursorFromWire(cursor);
      const asOf = asOfFromWire(query);
      const product = productType === undefined ? null : productFromWire(productType);
      const customers =
        customerId === undefined ? customersOf(caller) : [await customerSeen(estate, caller, customerId)];
      // All pages are of the moment of the first, so that they cover each row once while rows change.
      const moment = from?.moment ?? (await momentOf(seats, caller, asOf));
      const filter = { customers, productType: product, after: from?.after ?? null };
      // One row more than asked for tells whether there is a next page.
      const rows = await seats.list(caller.partnerId, moment, filter, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        sequence: moment.sequence,
        asOf: instantToWire(moment.at),
        data: page.map(rowToWire),
        nextCursor: last !== undefined && rows.length > limit ? cursorToWire(last, moment) : null,
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
  return productNamed(text)?.type ?? refuse('productType', 'product_type_unknown');
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

function asOfFromWire({ asOf, asOfSequence }: ListSeatsQuery): AsOf {
  const at = asOf === undefined ? null : (instantFromWire(asOf) ?? refuse('asOf', 'instant_invalid'));
  if (at !== null && asOfSequence !== undefined)
    return refuse('asOf', 'value_invalid', 'Use asOf or asOfSequence.');
  return { at, sequence: asOfSequence ?? null };
}

async function momentOf(seats: Seats, { partnerId }: Caller, asOf: AsOf): Promise<Moment> {
  const moment = await seats.moment(partnerId, asOf);
  return typeof moment === 'string'
    ? refuse(asOf.sequence === null ? 'asOf' : 'asOfSequence', moment)
    : moment;
}

/** A cursor is where the page ended and the moment that it is of. */
function cursorToWire({ customerId, productType }: Holding, { sequence, at }: Moment): string {
  return Buffer.from([customerId, productType, sequence, at].join(' ')).toString('base64url');
}

function cursorFromWire(cursor: string): { after: Holding; moment: Moment } {
  const [, customer = '', product = '', sequence, at] =
    cursorForm.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  const customerId = parseCustomerId(customer);
  const productType = productByType(Number(product))?.type;
  const moment = { sequence: Number(sequence), at: Number(at) };
  if (customerId === undefined || productType === undefined || !isMoment(moment)) {
    return refuse('cursor', 'cursor_invalid');
  }
  return { after: { customerId, productType }, moment };
}

const cursorForm = /^(\S+) (\d+) (\d+) (\d+)$/;

function isMoment({ sequence, at }: Moment): boolean {
  return Number.isSafeInteger(sequence) && isInstant(at);
}

function refuse(field: string, code: FieldProblemCode, message?: string): never {
  throw new ProblemError('parameter_invalid', {
    errors: [fieldProblem(field, code, message === undefined ? {} : { message })],
  });
}
