/** A pool, as it is read and shown. */

import { operations, type Pool } from '@seatledger/contract';
import { hasMembers } from '../../connection/answerShape.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { factsText } from '../../output/facts.ts';
import type { Listing } from '../../output/listing.ts';
import { endText } from '../termOptions.ts';

export function isPool(body: unknown): body is Pool {
  return (
    hasMembers(body, {
      poolId: 'number',
      resource: 'string',
      productType: 'number',
      seats: 'number',
      startsAt: 'string',
      source: 'string',
      occupied: 'number',
      occupiedMax: 'number',
      free: 'number',
      changedSequence: 'number',
    }) &&
    (body.expiresAt === null || typeof body.expiresAt === 'string')
  );
}

/** Where the pool is got and changed. */
export function thePool(poolId: string) {
  const operation = operations.getPool;
  return { operation, path: operationPath(operation.path, { poolId }) };
}

export const poolListing: Listing<Pool> = {
  columns: [
    { title: 'POOL', value: ({ poolId }) => poolId, align: 'right' },
    { title: 'RESOURCE', value: ({ resource }) => resource },
    { title: 'SEATS', value: ({ seats }) => seats, align: 'right' },
    { title: 'OCCUPIED', value: ({ occupied }) => occupied, align: 'right' },
    { title: 'FREE', value: ({ free }) => free, align: 'right' },
    { title: 'STARTS', value: ({ startsAt }) => startsAt },
    { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt ?? '' },
    { title: 'SOURCE', value: ({ source }) => source },
  ],
  csv: [
    'poolId',
    'resource',
    'productType',
    'seats',
    'occupied',
    'occupiedMax',
    'free',
    'startsAt',
    'expiresAt',
    'source',
    'changedSequence',
  ],
  empty: 'There is no pool yet.',
};

export function poolText(pool: Pool): string {
  return factsText([
    ['pool', pool.poolId],
    ['resource', pool.resource],
    ['product type', pool.productType],
    ['seats', pool.seats],
    ['occupied', pool.occupied],
    ['occupied at most', pool.occupiedMax],
    ['free', pool.free],
    ['starts', pool.startsAt],
    ['expires', endText(pool.expiresAt)],
    ['source', pool.source],
    ['version', pool.changedSequence],
  ]);
}
