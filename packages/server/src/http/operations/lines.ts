import {
  type NewSubscriptionLine,
  operations,
  productByType,
  ProblemError,
  type SubscriptionLineChange,
  type SubscriptionLinePage,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { EstateReads } from '../../estate/index.ts';
import type { DetailsChange, LedgerReads } from '../../ledger/index.ts';
import { instantOf, resourceOf, termOf } from '../bodyTexts.ts';
import { customerOf, unrestrictedCallerOf } from '../customerOf.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import { lineToWire } from '../lineToWire.ts';
import { numberedIdOf } from '../numberedId.ts';
import { expectedVersionOf, type Order } from '../order.ts';
import { readPage, sequenceOf } from '../page.ts';
import type { Route } from '../route.ts';
import { sendCreated, sendVersion } from '../versions.ts';

export function lines(
  { estate, ledger }: { estate: EstateReads; ledger: LedgerReads },
  order: Order,
  clock: { now(): number },
): readonly Route[] {
  /** The line that the path names, of which there may be none, and what the caller may do. */
  async function lineNamedBy(request: FastifyRequest) {
    return {
      customerId: await customerOf(request, estate),
      lineId: numberedIdOf(request, 'lineId'),
      expected: expectedVersionOf(request),
      mayGrant: callerOf(request).customers === 'all',
    };
  }

  return [
    {
      operation: operations.listLines,
      async answer(request): Promise<SubscriptionLinePage> {
        const { partnerId } = callerOf(request);
        const customerId = await customerOf(request, estate);
        const now = clock.now();
        return readPage(request, {
          position: linePosition,
          read: (after, limit) => ledger.linesOfCustomer(partnerId, customerId, after, limit),
          keyOf: ({ productType, lineId }) => [productType, lineId],
          toWire: (line) => lineToWire(line, now),
        });
      },
    },
    {
      operation: operations.addLine,
      async answer(request, reply) {
        const body = request.body as NewSubscriptionLine;
        const customerId = await customerOf(request, estate);
        if (body.poolId !== undefined) unrestrictedCallerOf(request);
        const { id, productType } = resourceOf(body);
        const { startsAt = null, expiresAt } = termOf(body);
        const line = await order(request, 'line.add', {
          customerId,
          productType,
          resource: id,
          seats: body.seats,
          startsAt,
          expiresAt,
          source: body.source ?? null,
          externalId: body.externalId ?? null,
          licenceType: body.licenceType ?? 'enterprise',
          details: detailsFromWire(body.details),
          poolId: body.poolId ?? null,
        });
        return sendCreated(
          reply,
          `/api/v1/customers/${customerId}/lines/${line.lineId}`,
          lineToWire(line, clock.now()),
        );
      },
    },
    {
      operation: operations.getLine,
      async answer(request, reply) {
        const customerId = await customerOf(request, estate);
        const { partnerId } = callerOf(request);
        const line = await ledger.line(partnerId, customerId, numberedIdOf(request, 'lineId'));
        if (line === undefined) throw new ProblemError('line_not_found');
        return sendVersion(reply, lineToWire(line, clock.now()));
      },
    },
    {
      operation: operations.changeLine,
      async answer(request, reply) {
        const { seats, licenceType, details, ...term } = request.body as SubscriptionLineChange;
        const line = await order(request, 'line.change', {
          ...(await lineNamedBy(request)),
          ...termOf(term),
          seats,
          licenceType,
          details: detailsFromWire(details),
        });
        return sendVersion(reply, lineToWire(line, clock.now()));
      },
    },
    {
      operation: operations.endLine,
      async answer(request, reply) {
        const line = await order(request, 'line.end', await lineNamedBy(request));
        return sendVersion(reply, lineToWire(line, clock.now()));
      },
    },
  ];
}

/** The end of the contract is an instant, kept as we send instants. Throws `body_invalid`. */
function detailsFromWire(details: DetailsChange = {}): DetailsChange {
  const { contractEndDate } = details;
  if (typeof contractEndDate !== 'string') return details;
  const at = instantOf('details.contractEndDate', contractEndDate);
  return { ...details, contractEndDate: instantToWire(at) };
}

function linePosition([product = '', ...rest]: readonly string[]) {
  const productType = productByType(Number(product))?.type;
  const lineId = sequenceOf(rest);
  return productType === undefined || lineId === undefined ? undefined : { productType, lineId };
}
