import { productByType, resourceNamed, type SubscriptionLine as WireLine } from '@seatledger/contract';
import { isActive, type SubscriptionLine } from '../ledger/index.ts';
import { instantToWire } from './instants.ts';

/** A line as it is at an instant. */
export function lineToWire(line: SubscriptionLine, now: number): WireLine {
  return {
    lineId: line.lineId,
    customerId: line.customerId,
    productType: line.productType,
    product: productByType(line.productType)?.name ?? '',
    resource: line.resource,
    counts: resourceNamed(line.resource)?.counts ?? 'users',
    seats: line.seats,
    startsAt: instantToWire(line.startsAt),
    expiresAt: line.expiresAt === null ? null : instantToWire(line.expiresAt),
    active: isActive(line, now),
    source: line.source,
    externalId: line.externalId,
    licenceType: line.licenceType,
    poolId: line.poolId,
    details: line.details,
    changedSequence: line.changedSequence,
  };
}
