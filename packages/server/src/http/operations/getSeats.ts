import { type CustomerSeats, type GetSeatsQuery, operations, ProblemError } from '@seatledger/contract';
import type { EstateReads } from '../../estate/index.ts';
import type { Seats } from '../../ledger/index.ts';
import { customerOf } from '../customerOf.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import { askedMoment, momentOf } from '../moments.ts';
import { productOf } from '../productOf.ts';
import type { Route } from '../route.ts';
import { seatsToWire } from '../seatsToWire.ts';

export function getSeats(seats: Seats, estate: EstateReads): Route {
  return {
    operation: operations.getSeats,
    async answer(request): Promise<CustomerSeats> {
      const { partnerId } = callerOf(request);
      const asOf = askedMoment(request.query as GetSeatsQuery, 'asOf');
      const productType = productOf(request);
      const customerId = await customerOf(request, estate);
      const moment = await momentOf(seats, partnerId, asOf);
      const found = await seats.of(partnerId, { customerId, productType }, moment);
      if (found === undefined) throw new ProblemError('customer_not_found');
      return {
        ...seatsToWire(found),
        recordedAt: found.recordedAt === null ? null : instantToWire(found.recordedAt),
        asOf: instantToWire(moment.at),
        asOfSequence: moment.sequence,
      };
    },
  };
}
