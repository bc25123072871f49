import {
  operations,
  productByType,
  type SeatDifference as WireDifference,
  type SeatDifferencesQuery,
  type SeatHistoryQuery,
  type SeatPoint as WirePoint,
} from '@seatledger/contract';
import type { EstateReads } from '../../estate/index.ts';
import type { History, Period, SeatDifference, SeatPoint, Seats } from '../../ledger/index.ts';
import { customerOf, customersAsked } from '../customerOf.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import { type AskedMoment, askedMoment, isNow, momentOf } from '../moments.ts';
import { refuseParameter } from '../page.ts';
import { productAsked, productOf } from '../productOf.ts';
import type { Route } from '../route.ts';
import { countToWire } from '../seatsToWire.ts';
import { sendLines } from '../sendStream.ts';

interface HistoryReads {
  readonly seats: Seats;
  readonly history: History;
  readonly estate: EstateReads;
}

export function seatHistory({ seats, history, estate }: HistoryReads): readonly Route[] {
  /** From the beginning of the record, where the query does not say from when. */
  async function periodOf(partnerId: number, from: AskedMoment, to: AskedMoment): Promise<Period> {
    const period = {
      from: isNow(from) ? await history.beginning(partnerId) : await momentOf(seats, partnerId, from),
      to: await momentOf(seats, partnerId, to),
    };
    if (period.from.at > period.to.at || period.from.sequence > period.to.sequence)
      refuseParameter(from.parameter, 'value_invalid', 'The period ends before it begins.');
    return period;
  }

  return [
    {
      operation: operations.getSeatHistory,
      async answer(request, reply) {
        const query = request.query as SeatHistoryQuery;
        const { partnerId } = callerOf(request);
        const [from, to] = [askedMoment(query, 'from'), askedMoment(query, 'to')];
        const productType = productOf(request);
        const customerId = await customerOf(request, estate);
        const period = await periodOf(partnerId, from, to);
        return sendLines(request, reply, (gone) =>
          eachToWire(history.series(partnerId, { customerId, productType }, period, gone), pointToWire),
        );
      },
    },
    {
      operation: operations.listSeatDifferences,
      async answer(request, reply) {
        const query = request.query as SeatDifferencesQuery;
        const caller = callerOf(request);
        const [from, to] = [askedMoment(query, 'from'), askedMoment(query, 'to')];
        if (isNow(from)) refuseParameter('from', 'value_required', 'Use from or fromSequence.');
        const productType = productAsked(query.productType);
        const customers = await customersAsked(estate, caller, query.customerId);
        const period = await periodOf(caller.partnerId, from, to);
        return sendLines(request, reply, (gone) =>
          eachToWire(
            history.differences(caller.partnerId, period, { customers, productType }, gone),
            differenceToWire,
          ),
        );
      },
    },
  ];
}

async function* eachToWire<Row, Wire>(
  batches: AsyncIterable<readonly Row[]>,
  toWire: (row: Row) => Wire,
): AsyncGenerator<readonly Wire[], undefined> {
  for await (const rows of batches) yield rows.map(toWire);
  return undefined;
}

function pointToWire({ at, cause, ...count }: SeatPoint): WirePoint {
  return { at: instantToWire(at), ...countToWire(count), cause };
}

function differenceToWire({
  customerId,
  organization,
  productType,
  before,
  after,
  causes,
  causeCount,
}: SeatDifference): WireDifference {
  return {
    customerId,
    organization,
    productType,
    product: productByType(productType)?.name ?? '',
    before: countToWire(before),
    after: countToWire(after),
    change: {
      purchased: after.purchased - before.purchased,
      assigned: after.assigned - before.assigned,
      available: after.available - before.available,
    },
    causes: causes.map(pointToWire),
    causeCount,
  };
}
