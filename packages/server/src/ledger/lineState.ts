/** A subscription line as events keep it. Events outlive the schema, so what is here is never renamed. */

import type { EventState } from '../record/index.ts';
import type { SubscriptionLine } from './ports.ts';

export function lineState(line: SubscriptionLine): EventState {
  return {
    customerId: line.customerId,
    productType: line.productType,
    resource: line.resource,
    seats: line.seats,
    startsAt: new Date(line.startsAt).toISOString(),
    startGiven: line.startGiven,
    expiresAt: line.expiresAt === null ? null : new Date(line.expiresAt).toISOString(),
    source: line.source,
    externalId: line.externalId,
    licenceType: line.licenceType,
  };
}
