/** Where a page of seats begins, and the moment that all of its pages are of: so they cover each row once while rows change. */

import { parseCustomerId, productByType, type SeatSort } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { Holding, RankedPosition, SeatOrder, SeatsOfHolding } from '../ledger/index.ts';
import type { Moment } from '../record/index.ts';
import { isInstant } from './instants.ts';
import { cursorOf, partsOf, refuseParameter } from './page.ts';

export type SeatPlace =
  | { readonly order: null; readonly after: Holding | null }
  | { readonly order: SeatOrder; readonly after: RankedPosition | null };

/** By customer and product, or by a number: then the order and the number lead the cursor. */
const cursorForm = /^(?:(-?[a-z]+) (-?\d+) )?(\S+) (\d+) (\d+) (\d+)$/;

/** What the two parameters name; the moment of the cursor where there is one. Throws `parameter_invalid`, also for another order's. */
export function placeAsked(
  request: FastifyRequest,
  sort: SeatSort,
  cursor: string | undefined,
): { readonly place: SeatPlace; readonly moment: Moment | null } {
  const order = orderOf(sort);
  if (cursor === undefined) return { place: { order, after: null }, moment: null };
  const parts = cursorForm.exec(partsOf(request, cursor).join(' '));
  const [, cursorSort, value, customer = '', product, sequence, at] = parts ?? [];
  const customerId = parseCustomerId(customer);
  const productType = productByType(Number(product))?.type;
  const moment = { sequence: Number(sequence), at: Number(at) };
  const isOfSort = cursorSort === (order === null ? undefined : sort);
  if (customerId === undefined || productType === undefined || !isMoment(moment) || !isOfSort)
    return refuseParameter('cursor', 'cursor_invalid');
  const after = { customerId, productType };
  return {
    place: order === null ? { order, after } : { order, after: { ...after, value: Number(value) } },
    moment,
  };
}

/** The cursor of what comes after the row. */
export function cursorAfter(
  request: FastifyRequest,
  row: SeatsOfHolding,
  { place: { order }, moment: { sequence, at } }: { place: SeatPlace; moment: Moment },
): string {
  const rank = order === null ? [] : [sortOf(order), row[order.by]];
  return cursorOf(request, [...rank, row.customerId, row.productType, sequence, at]);
}

/** Null for the order of customer and product. */
function orderOf(sort: SeatSort): SeatOrder | null {
  if (sort === 'customerId') return null;
  const isDescending = sort.startsWith('-');
  return { by: (isDescending ? sort.slice(1) : sort) as SeatOrder['by'], isDescending };
}

function sortOf({ by, isDescending }: SeatOrder): SeatSort {
  return isDescending ? `-${by}` : by;
}

function isMoment({ sequence, at }: Moment): boolean {
  return Number.isSafeInteger(sequence) && isInstant(at);
}
