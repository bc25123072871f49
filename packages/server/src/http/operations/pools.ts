import {
  type NewPool,
  operations,
  type Pool as WirePool,
  type PoolChange,
  type PoolPage,
  ProblemError,
  resourceNamed,
  type SubscriptionLinePage,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { LedgerReads, Pool, PoolCount, PoolReader } from '../../ledger/index.ts';
import { resourceOf, termOf } from '../bodyTexts.ts';
import { unrestrictedCallerOf } from '../customerOf.ts';
import { instantToWire } from '../instants.ts';
import { lineToWire } from '../lineToWire.ts';
import { numberedIdOf } from '../numberedId.ts';
import { expectedVersionOf, type Order } from '../order.ts';
import { readPage, sequenceOf } from '../page.ts';
import type { Route } from '../route.ts';
import { sendCreated, sendVersion } from '../versions.ts';

export function pools(
  { ledger, count }: { ledger: LedgerReads; count: PoolReader },
  order: Order,
  clock: { now(): number },
): readonly Route[] {
  async function poolOf(request: FastifyRequest): Promise<Pool> {
    const { partnerId } = unrestrictedCallerOf(request);
    const pool = await ledger.pool(partnerId, numberedIdOf(request, 'poolId'));
    if (pool === undefined) throw new ProblemError('pool_not_found');
    return pool;
  }

  /** The pool with what is occupied of it at the moment of the answer. */
  async function shown(partnerId: number, pool: Pool): Promise<WirePool> {
    return poolToWire(pool, await count(partnerId, pool));
  }

  return [
    {
      operation: operations.listPools,
      async answer(request): Promise<PoolPage> {
        const { partnerId } = unrestrictedCallerOf(request);
        return readPage(request, {
          position: sequenceOf,
          read: async (after, limit) => {
            const found = await ledger.poolsAfter(partnerId, after ?? 0, limit);
            return Promise.all(found.map((pool) => shown(partnerId, pool)));
          },
          keyOf: ({ poolId }) => [poolId],
          toWire: (pool) => pool,
        });
      },
    },
    {
      operation: operations.addPool,
      async answer(request, reply) {
        const { partnerId } = unrestrictedCallerOf(request);
        const body = request.body as NewPool;
        const { startsAt = null, expiresAt = null } = termOf(body);
        const pool = await order(request, 'pool.add', {
          resource: resourceOf(body).id,
          seats: body.seats,
          startsAt,
          expiresAt,
          source: body.source ?? null,
        });
        return sendCreated(reply, `/api/v1/pools/${pool.poolId}`, await shown(partnerId, pool));
      },
    },
    {
      operation: operations.getPool,
      async answer(request, reply) {
        const { partnerId } = unrestrictedCallerOf(request);
        return sendVersion(reply, await shown(partnerId, await poolOf(request)));
      },
    },
    {
      operation: operations.changePool,
      async answer(request, reply) {
        const { partnerId } = unrestrictedCallerOf(request);
        const { seats, ...term } = request.body as PoolChange;
        const pool = await order(request, 'pool.change', {
          poolId: numberedIdOf(request, 'poolId'),
          expected: expectedVersionOf(request),
          seats,
          ...termOf(term),
        });
        return sendVersion(reply, await shown(partnerId, pool));
      },
    },
    {
      operation: operations.endPool,
      async answer(request, reply) {
        const { partnerId } = unrestrictedCallerOf(request);
        const pool = await order(request, 'pool.end', {
          poolId: numberedIdOf(request, 'poolId'),
          expected: expectedVersionOf(request),
        });
        return sendVersion(reply, await shown(partnerId, pool));
      },
    },
    {
      operation: operations.listGrants,
      async answer(request): Promise<SubscriptionLinePage> {
        const { partnerId } = unrestrictedCallerOf(request);
        const { poolId } = await poolOf(request);
        const now = clock.now();
        return readPage(request, {
          position: sequenceOf,
          read: (after, limit) => ledger.grantsAfter(partnerId, poolId, after ?? 0, limit),
          keyOf: ({ lineId }) => [lineId],
          toWire: (line) => lineToWire(line, now),
        });
      },
    },
  ];
}

function poolToWire(pool: Pool, { occupied, occupiedMax, free }: PoolCount): WirePool {
  return {
    poolId: pool.poolId,
    resource: pool.resource,
    productType: resourceNamed(pool.resource)?.productType ?? 0,
    seats: pool.seats,
    startsAt: instantToWire(pool.startsAt),
    expiresAt: pool.expiresAt === null ? null : instantToWire(pool.expiresAt),
    source: pool.source,
    occupied,
    occupiedMax,
    free,
    changedSequence: pool.changedSequence,
  };
}
