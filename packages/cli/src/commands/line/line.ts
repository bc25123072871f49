/** A subscription line, as it is read and shown. */

import { type CustomerId, operations, type SubscriptionLine } from '@seatledger/contract';
import { hasMembers } from '../../connection/answerShape.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { factsText } from '../../output/facts.ts';
import type { Listing } from '../../output/listing.ts';
import { endText } from '../termOptions.ts';

export function isLine(body: unknown): body is SubscriptionLine {
  return (
    hasMembers(body, {
      lineId: 'number',
      customerId: 'string',
      productType: 'number',
      product: 'string',
      resource: 'string',
      counts: 'string',
      seats: 'number',
      startsAt: 'string',
      active: 'boolean',
      source: 'string',
      licenceType: 'string',
      changedSequence: 'number',
    }) &&
    (body.expiresAt === null || typeof body.expiresAt === 'string') &&
    (body.externalId === null || typeof body.externalId === 'string') &&
    (body.poolId === null || typeof body.poolId === 'number') &&
    hasMembers(body.details, {})
  );
}

/** Where the line is got and changed. */
export function theLine(customerId: CustomerId, lineId: string) {
  const operation = operations.getLine;
  return { operation, path: operationPath(operation.path, { customerId, lineId }) };
}

export const lineListing: Listing<SubscriptionLine> = {
  columns: [
    { title: 'LINE', value: ({ lineId }) => lineId, align: 'right' },
    { title: 'CUSTOMER', value: ({ customerId }) => customerId },
    { title: 'TYPE', value: ({ productType }) => productType, align: 'right' },
    { title: 'RESOURCE', value: ({ resource }) => resource },
    { title: 'SEATS', value: ({ seats }) => seats, align: 'right' },
    { title: 'STARTS', value: ({ startsAt }) => startsAt },
    { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt ?? '' },
    { title: 'ACTIVE', value: ({ active }) => (active ? 'yes' : '') },
    { title: 'SOURCE', value: ({ source }) => source },
    { title: 'EXTERNAL ID', value: ({ externalId }) => externalId ?? '' },
    { title: 'POOL', value: ({ poolId }) => poolId ?? '', align: 'right' },
  ],
  csv: [
    'lineId',
    'customerId',
    'productType',
    'product',
    'resource',
    'counts',
    'seats',
    'startsAt',
    'expiresAt',
    'active',
    'source',
    'externalId',
    'licenceType',
    'poolId',
    'details',
    'changedSequence',
  ],
  empty: 'The customer has and had no line.',
};

export function lineText(line: SubscriptionLine): string {
  const { externalId, poolId, details } = line;
  return factsText([
    ['line', line.lineId],
    ['customer', line.customerId],
    ['product', `${line.productType} ${line.product}`],
    ['resource', line.resource],
    [line.counts === 'units' ? 'units' : 'seats', line.seats],
    ['starts', line.startsAt],
    ['expires', endText(line.expiresAt)],
    ['active', line.active ? 'yes' : 'no'],
    ['source', line.source],
    ...(externalId === null ? [] : [['external id', externalId] as const]),
    ['licence type', line.licenceType],
    ...(poolId === null ? [] : [['pool', poolId] as const]),
    ...Object.entries(details),
    ['version', line.changedSequence],
  ]);
}
