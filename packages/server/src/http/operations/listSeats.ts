import {
  type ListSeatsQuery,
  operations,
  parseCustomerId,
  type ProductSeats,
  productByType,
  type SeatsPage,
} from '@seatledger/contract';
import type { EstateReads } from '../../estate/index.ts';
import type { Holding, Seats, SeatsOfHolding } from '../../ledger/index.ts';
import type { Moment } from '../../record/index.ts';
import { customersAsked } from '../customerOf.ts';
import { callerOf } from '../guard.ts';
import { instantToWire, isInstant } from '../instants.ts';
import { askedMoment, momentOf } from '../moments.ts';
import { refuseParameter } from '../page.ts';
import { productAsked } from '../productOf.ts';
import type { Route } from '../route.ts';
import { seatsToWire } from '../seatsToWire.ts';

const rowsDefault = 100;

export function listSeats(seats: Seats, estate: EstateReads): Route {
  return {
    operation: operations.listSeats,
    async answer(request): Promise<SeatsPage> {
      const query = request.query as ListSeatsQuery;
      const { customerId, productType, limit = rowsDefault, cursor } = query;
      const caller = callerOf(request);
      const from = cursor === undefined ? undefined : cursorFromWire(cursor);
      const asOf = askedMoment(query, 'asOf');
      const product = productAsked(productType);
      const customers = await customersAsked(estate, caller, customerId);
      // All pages are of the moment of the first, so that they cover each row once while rows change.
      const moment = from?.moment ?? (await momentOf(seats, caller.partnerId, asOf));
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

function rowToWire(row: SeatsOfHolding): ProductSeats {
  return { ...seatsToWire(row), recordedAt: instantToWire(row.recordedAt) };
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
    return refuseParameter('cursor', 'cursor_invalid');
  }
  return { after: { customerId, productType }, moment };
}

const cursorForm = /^(\S+) (\d+) (\d+) (\d+)$/;

function isMoment({ sequence, at }: Moment): boolean {
  return Number.isSafeInteger(sequence) && isInstant(at);
}
