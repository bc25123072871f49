import {
  operations,
  parseCustomerId,
  parseProductTypeText,
  productByType,
  type Revision,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import { assignable, type SeatCount, type Seats } from '../../ledger/index.ts';
import { isAnsweredByTag, varyBy } from '../conditional.ts';
import { callerOf } from '../guard.ts';
import { sendProblem } from '../problems.ts';
import { unknownProductDetail } from '../productOf.ts';
import type { Route } from '../route.ts';

export function getCustomerUserSeats(seats: Seats): Route {
  return {
    operation: operations.getCustomerUserSeats,
    async answer(request, reply) {
      const { customerId: customerText, productType: productText } = pathOf(request);
      const customerId = parseCustomerId(customerText);
      if (customerId === undefined) return sendProblem(reply, 'customer_id_invalid');
      const type = parseProductTypeText(productText);
      if (type === undefined) return sendProblem(reply, 'product_type_invalid');
      const product = productByType(type);
      if (product === undefined)
        return sendProblem(reply, 'product_type_unknown', { detail: unknownProductDetail });

      const { partnerId, customers, revision: pinned } = callerOf(request);
      const isInScope = customers === 'all' || customers.has(customerId);
      const answer = isInScope
        ? await seats.get(partnerId, customerId, product.type)
        : { known: false as const };
      // Unknown, foreign and out of scope answer alike: whether a customer exists is not for everybody to know.
      if (!answer.known) return sendProblem(reply, 'customer_not_found');
      const { letter, member, seatsOf } = forms[request.revision ?? pinned];
      const seatCount = seatsOf(answer.seats);
      varyBy(reply, 'Authorization, Api-Version');
      // All that the body says: nothing has to be hashed.
      if (isAnsweredByTag(request, reply, `"${product.type}-${seatCount}-${letter}"`)) return reply;
      // Two whole numbers need no serialiser: as texts they are JSON.
      return reply
        .type('application/json; charset=utf-8')
        .send(`{"productType":${product.type},"${member}":${seatCount}}`);
    },
  };
}

interface RevisionForm {
  /** Names the member in an entity tag. */
  readonly letter: string;
  readonly member: string;
  readonly seatsOf: (seats: SeatCount) => number;
}

const forms: Readonly<Record<Revision, RevisionForm>> = {
  '2025-09-26': { letter: 'a', member: 'availableUserSeat', seatsOf: assignable },
  '2025-10-11': { letter: 'p', member: 'purchasedUserSeat', seatsOf: ({ purchased }) => purchased },
};

function pathOf(request: FastifyRequest): { customerId: string; productType: string } {
  return request.params as { customerId: string; productType: string };
}
