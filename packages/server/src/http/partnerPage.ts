/** Pages of the partner contract: by an index from 1, with how many rows there are. */

import { pageIndexMax, pageSizeDefault, pageSizeMax } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import { refuseParameter } from './page.ts';

interface PartnerPage {
  readonly pageIndex: number;
  readonly pageSize: number;
}

/** Which rows a page has. */
export interface Slice {
  readonly skip: number;
  readonly limit: number;
}

/** The page that the query asks for, or the body where the query does not. Throws `parameter_invalid`. */
export function partnerPageOf(request: FastifyRequest, body: Partial<PartnerPage>): PartnerPage & Slice {
  const pageIndex = wholeNumber(request, 'pageIndex', pageIndexMax) ?? body.pageIndex ?? 1;
  const pageSize = wholeNumber(request, 'pageSize', pageSizeMax) ?? body.pageSize ?? pageSizeDefault;
  return { pageIndex, pageSize, skip: (pageIndex - 1) * pageSize, limit: pageSize };
}

/** An answer of one page. */
export function batchToWire<Wire>(
  { pageIndex, pageSize }: PartnerPage,
  { data, totalCount }: { data: Wire[]; totalCount: number },
): { data: Wire[]; metadata: PartnerPage & { totalCount: number } } {
  return { data, metadata: { pageIndex, pageSize, totalCount } };
}

/** The rows of a list that is known as a whole. */
export function sliced<Row>(rows: readonly Row[], { skip, limit }: Slice): readonly Row[] {
  return rows.slice(skip, skip + limit);
}

const wholeNumberText = /^[1-9]\d{0,9}$/;

/** The parameter by its name in any case; undefined where the query has none. */
function wholeNumber(
  { query }: FastifyRequest,
  name: 'pageIndex' | 'pageSize',
  max: number,
): number | undefined {
  const wanted = name.toLowerCase();
  const given = Object.entries(query as Readonly<Record<string, unknown>>)
    .filter(([key]) => key.toLowerCase() === wanted)
    .flatMap(([, value]) => value);
  if (given.length === 0) return undefined;
  const [text] = given;
  const number = Number(text);
  if (given.length > 1 || typeof text !== 'string' || !wholeNumberText.test(text) || number > max)
    return refuseParameter(name, 'value_invalid', `Use a whole number from 1 to ${max}, once.`);
  return number;
}
