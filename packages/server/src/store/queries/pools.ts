/** The queries of pools and of what is occupied of them. */

import { sql } from 'kysely';
import type { LedgerReads, Pool, PoolStep, PoolStore } from '../../ledger/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';

type PoolRow = Schema['pools'];
type PoolKey = { partnerId: number; poolId: number };

function poolOfId({ locked }: { locked: boolean }) {
  return statement<PoolKey, PoolRow>((db, { partnerId, poolId }) => {
    const found = db
      .selectFrom('pools')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('pool_id', '=', poolId);
    return locked ? found.forNoKeyUpdate() : found;
  });
}
const poolRead = poolOfId({ locked: false });
const poolLocked = poolOfId({ locked: true });

/** Ids alone: they are all in the index, by which every engine finds them. */
const poolIdsOfResource = statement<{ partnerId: number; resource: string }, { pool_id: number }>(
  (db, { partnerId, resource }) =>
    db
      .selectFrom('pools')
      .select('pool_id')
      .where('partner_id', '=', partnerId)
      .where('resource', '=', resource)
      .orderBy('pool_id'),
);

const poolsAfter = statement<{ partnerId: number; after: number; limit: number }, PoolRow>(
  (db, { partnerId, after, limit }) =>
    db
      .selectFrom('pools')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('pool_id', '>', after)
      .orderBy('pool_id')
      .limit(limit),
);

const insertPool = statement<PoolRow, unknown>((db, row) =>
  db.insertInto('pools').values({
    partner_id: row.partner_id,
    pool_id: row.pool_id,
    resource: row.resource,
    seats: row.seats,
    starts_at: row.starts_at,
    expires_at: row.expires_at,
    source: row.source,
    changed_sequence: row.changed_sequence,
  }),
);

const updatePool = statement<PoolRow, unknown>((db, row) =>
  db
    .updateTable('pools')
    .set({
      seats: row.seats,
      starts_at: row.starts_at,
      expires_at: row.expires_at,
      source: row.source,
      changed_sequence: row.changed_sequence,
    })
    .where('partner_id', '=', row.partner_id)
    .where('pool_id', '=', row.pool_id),
);

/** The step that holds at an instant. */
const stepAt = statement<PoolKey & { at: number }, PoolStep>((db, { partnerId, poolId, at }) =>
  db
    .selectFrom('pool_steps')
    .select(['starts_at as at', 'occupied'])
    .where('partner_id', '=', partnerId)
    .where('pool_id', '=', poolId)
    .where('starts_at', '<=', at)
    .orderBy('starts_at', 'desc')
    .limit(sql.lit(1)),
);

const insertStep = statement<PoolKey & PoolStep, unknown>((db, { partnerId, poolId, at, occupied }) =>
  db.insertInto('pool_steps').values({ partner_id: partnerId, pool_id: poolId, starts_at: at, occupied }),
);

function addOccupied({ hasEnd }: { hasEnd: boolean }) {
  return statement<PoolKey & { from: number; to: number; seats: number }, unknown>(
    (db, { partnerId, poolId, from, to, seats }) => {
      const added = db
        .updateTable('pool_steps')
        .set((the) => ({ occupied: the('occupied', '+', seats) }))
        .where('partner_id', '=', partnerId)
        .where('pool_id', '=', poolId)
        .where('starts_at', '>=', from);
      return hasEnd ? added.where('starts_at', '<', to) : added;
    },
  );
}
const addOccupiedUntil = addOccupied({ hasEnd: true });
const addOccupiedForEver = addOccupied({ hasEnd: false });

function stepBeyond({ hasEnd }: { hasEnd: boolean }) {
  return statement<PoolKey & { from: number; to: number; seats: number }, PoolStep>(
    (db, { partnerId, poolId, from, to, seats }) => {
      const beyond = db
        .selectFrom('pool_steps')
        .select(['starts_at as at', 'occupied'])
        .where('partner_id', '=', partnerId)
        .where('pool_id', '=', poolId)
        .where('starts_at', '>', from)
        .where('occupied', '>', seats)
        .orderBy('starts_at')
        .limit(sql.lit(1));
      return hasEnd ? beyond.where('starts_at', '<', to) : beyond;
    },
  );
}
const stepBeyondUntil = stepBeyond({ hasEnd: true });
const stepBeyondForEver = stepBeyond({ hasEnd: false });

const mostAfter = statement<PoolKey & { at: number }, { most: number | null }>(
  (db, { partnerId, poolId, at }) =>
    db
      .selectFrom('pool_steps')
      .select((the) => the.fn.max('occupied').as('most'))
      .where('partner_id', '=', partnerId)
      .where('pool_id', '=', poolId)
      .where('starts_at', '>', at),
);

export function poolStore(connection: Connection): PoolStore {
  /** Begins a step at the instant, which changes nothing of what is occupied. */
  async function cutAt(key: PoolKey, at: number): Promise<void> {
    const step = await connection.first(stepAt, { ...key, at });
    if (step?.at !== at) await connection.run(insertStep, { ...key, at, occupied: step?.occupied ?? 0 });
  }

  return {
    async lockPool(partnerId, poolId) {
      const source = connection.hasOneWriter ? poolRead : poolLocked;
      const row = await connection.first(source, { partnerId, poolId });
      return row === undefined ? undefined : poolFromRow(row);
    },
    async lockPoolsOf(partnerId, resource) {
      const ids = await connection.all(poolIdsOfResource, { partnerId, resource });
      const source = connection.hasOneWriter ? poolRead : poolLocked;
      const rows = await connection.allOfMany(
        source,
        ids.map(({ pool_id }) => ({ partnerId, poolId: pool_id })),
      );
      return rows.map(poolFromRow);
    },
    insertPool: (partnerId, pool) => connection.run(insertPool, poolToRow(partnerId, pool)),
    updatePool: (partnerId, pool) => connection.run(updatePool, poolToRow(partnerId, pool)),
    async occupy(partnerId, poolId, { startsAt, expiresAt, seats }) {
      if (expiresAt !== null && expiresAt <= startsAt) return;
      const key = { partnerId, poolId };
      await cutAt(key, startsAt);
      if (expiresAt !== null) await cutAt(key, expiresAt);
      const source = expiresAt === null ? addOccupiedForEver : addOccupiedUntil;
      await connection.run(source, { ...key, from: startsAt, to: expiresAt ?? 0, seats });
    },
    async firstBeyond(partnerId, poolId, { from, to, seats }) {
      const key = { partnerId, poolId };
      const first = await connection.first(stepAt, { ...key, at: from });
      if (first !== undefined && first.occupied > seats) return { at: from, occupied: first.occupied };
      const source = to === null ? stepBeyondForEver : stepBeyondUntil;
      return connection.first(source, { ...key, from, to: to ?? 0, seats });
    },
  };
}

export function poolReads(
  connection: Connection,
): Pick<LedgerReads, 'pool' | 'poolOccupation' | 'poolsAfter'> {
  return {
    async pool(partnerId, poolId) {
      const row = await connection.first(poolRead, { partnerId, poolId });
      return row === undefined ? undefined : poolFromRow(row);
    },
    poolsAfter: async (partnerId, after, limit) =>
      (await connection.all(poolsAfter, { partnerId, after, limit })).map(poolFromRow),
    async poolOccupation(partnerId, poolId, from) {
      const key = { partnerId, poolId, at: from };
      const occupied = (await connection.first(stepAt, key))?.occupied ?? 0;
      const most = (await connection.first(mostAfter, key))?.most ?? 0;
      return { occupied, occupiedMax: Math.max(occupied, most) };
    },
  };
}

function poolFromRow(row: PoolRow): Pool {
  return {
    poolId: row.pool_id,
    resource: row.resource,
    seats: row.seats,
    startsAt: row.starts_at,
    expiresAt: row.expires_at,
    source: row.source,
    changedSequence: row.changed_sequence,
  };
}

function poolToRow(partnerId: number, pool: Pool): PoolRow {
  return {
    partner_id: partnerId,
    pool_id: pool.poolId,
    resource: pool.resource,
    seats: pool.seats,
    starts_at: pool.startsAt,
    expires_at: pool.expiresAt,
    source: pool.source,
    changed_sequence: pool.changedSequence,
  };
}
