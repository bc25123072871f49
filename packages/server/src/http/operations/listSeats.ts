import { type ListSeatsQuery, operations, type ProductSeats, type SeatsPage } from '@seatledger/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EstateReads } from '../../estate/index.ts';
import type { Caller } from '../../identity/index.ts';
import type { SeatFilter, Seats, SeatsOfHolding } from '../../ledger/index.ts';
import type { Moment } from '../../record/index.ts';
import { mediaTypeFor } from '../accept.ts';
import { isAnsweredByTag, rightsOf, varyBy, weakTag } from '../conditional.ts';
import { customersAsked, groupAsked } from '../customerOf.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import { askedMoment, momentOf, momentOfCursor } from '../moments.ts';
import { refuseParameter } from '../page.ts';
import { productAsked } from '../productOf.ts';
import type { Route } from '../route.ts';
import { cursorAfter, placeAsked, type SeatPlace } from '../seatCursor.ts';
import { seatsAsCsv, seatsAsLines, type SeatTexts } from '../seatTexts.ts';
import { seatsToWire } from '../seatsToWire.ts';
import { goneOf, sendTexts } from '../sendStream.ts';

const rowsDefault = 100;

/** JSON comes in pages, of the others all rows in one answer. */
const mediaTypes = ['application/json', 'application/x-ndjson', 'text/csv'] as const;

interface Asked {
  readonly partnerId: number;
  readonly moment: Moment;
  readonly filter: SeatFilter;
}

/** `version` is the server's: what another one tagged may be of another form. */
export function listSeats(seats: Seats, estate: EstateReads, version: string): Route {
  async function filterOf(caller: Caller, query: ListSeatsQuery): Promise<SeatFilter> {
    const { customerId, groupId, productType, availableBelow = null, availableShareBelow = null } = query;
    return {
      productType: productAsked(productType),
      customers: await customersAsked(estate, caller, customerId),
      groupId: await groupAsked(estate, caller, groupId),
      availableBelow,
      availableShareBelow,
    };
  }

  async function pageOf(
    request: FastifyRequest,
    { partnerId, moment, filter }: Asked,
    { place, limit }: { place: SeatPlace; limit: number },
    gone: AbortSignal,
  ): Promise<SeatsPage> {
    const { lists } = seats;
    // One row more than asked for tells whether there is a next page.
    const rows =
      place.order === null
        ? await lists.page(partnerId, { moment, filter, after: place.after }, limit + 1, gone)
        : await lists.rankedPage(partnerId, { moment, filter, ...place }, limit + 1, gone);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      sequence: moment.sequence,
      asOf: instantToWire(moment.at),
      data: page.map(rowToWire),
      nextCursor:
        last !== undefined && rows.length > limit ? cursorAfter(request, last, { place, moment }) : null,
    };
  }

  async function* textsOf(
    { partnerId, moment, filter }: Asked,
    { head, rowsOf }: SeatTexts,
    gone: AbortSignal,
  ): AsyncGenerator<string, undefined> {
    let before = head;
    for await (const rows of seats.lists.all(partnerId, { moment, filter }, gone)) {
      yield before + rowsOf(rows);
      before = '';
    }
    return undefined;
  }

  return {
    operation: operations.listSeats,
    compresses: true,
    async answer(request, reply): Promise<FastifyReply | SeatsPage> {
      const query = request.query as ListSeatsQuery;
      const { limit = rowsDefault, sort = 'customerId' } = query;
      const caller = callerOf(request);
      const { partnerId } = caller;
      const mediaType = mediaTypeFor(request.headers.accept, mediaTypes);
      if (mediaType !== 'application/json') refusePaging(query);
      const from = placeAsked(request, sort, query.cursor);
      const asOf = askedMoment(query, 'asOf');
      const filter = await filterOf(caller, query);
      // All pages are of the moment of the first, so that they cover each row once while rows change.
      const moment = await (from.moment === null
        ? momentOf(seats, partnerId, asOf)
        : momentOfCursor(seats, partnerId, from.moment));
      const asked = { partnerId, moment, filter };

      varyBy(reply, 'Authorization, Accept, Accept-Encoding');
      const edition = await seats.edition(partnerId, moment);
      const tag = weakTag([version, mediaType, query, edition, rightsOf(caller)]);
      if (isAnsweredByTag(request, reply, tag)) return reply;
      if (mediaType === 'application/json')
        return pageOf(request, asked, { place: from.place, limit }, goneOf(reply));
      const isCsv = mediaType === 'text/csv';
      void reply.type(isCsv ? 'text/csv; charset=utf-8' : mediaType);
      const texts = isCsv ? seatsAsCsv(moment) : seatsAsLines(moment);
      return sendTexts(request, reply, (gone) => textsOf(asked, texts, gone));
    },
  };
}

/** A stream has all rows, in the order in which they are read. Throws `parameter_invalid`. */
function refusePaging({ limit, cursor, sort = 'customerId' }: ListSeatsQuery): void {
  if (limit !== undefined) refuseParameter('limit', 'value_invalid', 'A stream has all rows; leave it out.');
  if (cursor !== undefined)
    refuseParameter('cursor', 'value_invalid', 'A stream has no pages; leave it out.');
  if (sort !== 'customerId')
    refuseParameter('sort', 'value_invalid', 'A stream is in the order of customerId; pages have others.');
}

function rowToWire(row: SeatsOfHolding): ProductSeats {
  return { ...seatsToWire(row), recordedAt: instantToWire(row.recordedAt) };
}
