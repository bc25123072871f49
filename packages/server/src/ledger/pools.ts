/**
 * Pools: seats of a resource that the partner bought to hand out.
 *
 * A grant occupies its pool from its start to its end. For every instant, now or later, no more is occupied than the pool has, and nothing
 * outside of the pool's term. What is past is not looked at: it cannot be handed out again.
 */

import { isPlainText, ProblemError } from '@seatledger/contract';
import { refuseBody } from '../estate/index.ts';
import {
  type ChangeContext,
  type ExpectedVersion,
  type Outcome,
  type Recorder,
  requireVersion,
} from '../record/index.ts';
import { sourceLengthMax } from './importRow.ts';
import { instantText } from './lineState.ts';
import type { Pool, PoolStore } from './ports.ts';
import { refuseBadSeats, refuseInvertedTerm } from './termChecks.ts';

/** The source of a pool that names none. */
const defaultPoolSource = 'pool';

interface NewPool {
  readonly resource: string;
  readonly seats: number;
  /** Epoch milliseconds; null means now. */
  readonly startsAt: number | null;
  /** Null where it does not end. */
  readonly expiresAt: number | null;
  readonly source: string | null;
}

interface PoolChange {
  readonly poolId: number;
  readonly expected: ExpectedVersion;
  readonly seats?: number | undefined;
  readonly startsAt?: number | undefined;
  readonly expiresAt?: number | null | undefined;
}

/** Throws `body_invalid`. */
export async function addPool(
  pools: PoolStore,
  { partnerId, recorder, instant }: ChangeContext,
  request: NewPool,
): Promise<Outcome<Pool>> {
  const poolId = await recorder.nextSequence();
  const pool: Pool = {
    poolId,
    resource: request.resource,
    seats: request.seats,
    startsAt: request.startsAt ?? (await instant()),
    expiresAt: request.expiresAt,
    source: request.source ?? defaultPoolSource,
    changedSequence: poolId,
  };
  if (!isPlainText(pool.source, sourceLengthMax)) refuseBody('source', 'value_invalid');
  refuseBadSeats(pool.seats);
  refuseInvertedTerm(pool);
  await recordPool(recorder, 'pool.added', null, pool);
  await pools.insertPool(partnerId, pool);
  return { keep: true, result: pool };
}

/** Throws `pool_not_found`, `version_changed`, `pool_insufficient` and `body_invalid`. */
export async function changePool(
  pools: PoolStore,
  context: ChangeContext,
  { poolId, expected, seats, startsAt, expiresAt }: PoolChange,
): Promise<Outcome<Pool>> {
  const pool = await poolAtWork(pools, context.partnerId, poolId, expected);
  const changed: Pool = {
    ...pool,
    seats: seats ?? pool.seats,
    startsAt: startsAt ?? pool.startsAt,
    expiresAt: expiresAt === undefined ? pool.expiresAt : expiresAt,
  };
  refuseBadSeats(changed.seats);
  refuseInvertedTerm(changed);
  return keepPool(pools, context, { kind: 'pool.changed', before: pool, after: changed });
}

/** Ends the pool now, or at its start where that is still to come. Throws `pool_not_found`, `version_changed` and `pool_insufficient`. */
export async function endPool(
  pools: PoolStore,
  context: ChangeContext,
  { poolId, expected }: { poolId: number; expected: ExpectedVersion },
): Promise<Outcome<Pool>> {
  const pool = await poolAtWork(pools, context.partnerId, poolId, expected);
  const end = Math.max(await context.instant(), pool.startsAt);
  if (pool.expiresAt !== null && pool.expiresAt <= end) return { keep: false, result: pool };
  return keepPool(pools, context, { kind: 'pool.ended', before: pool, after: { ...pool, expiresAt: end } });
}

async function poolAtWork(
  pools: PoolStore,
  partnerId: number,
  poolId: number,
  expected: ExpectedVersion,
): Promise<Pool> {
  const pool = await pools.lockPool(partnerId, poolId);
  if (pool === undefined) throw new ProblemError('pool_not_found');
  requireVersion(expected, pool.changedSequence);
  return pool;
}

async function keepPool(
  pools: PoolStore,
  { partnerId, recorder, instant }: ChangeContext,
  { kind, before, after }: { kind: 'pool.changed' | 'pool.ended'; before: Pool; after: Pool },
): Promise<Outcome<Pool>> {
  const { seats, startsAt, expiresAt } = after;
  if (seats === before.seats && startsAt === before.startsAt && expiresAt === before.expiresAt)
    return { keep: false, result: before };
  await refuseOverdraw(pools, {
    partnerId,
    pool: after,
    now: await instant(),
    window: { from: 0, to: null },
  });
  const result = { ...after, changedSequence: await recordPool(recorder, kind, before, after) };
  await pools.updatePool(partnerId, result);
  return { keep: true, result };
}

/**
 * Refuses where more of the pool is occupied than it has, at an instant of the window, now or later: `pool_insufficient`. Outside of its term it
 * has nothing.
 */
export async function refuseOverdraw(
  pools: PoolStore,
  {
    partnerId,
    pool,
    now,
    window,
  }: { partnerId: number; pool: Pool; now: number; window: { from: number; to: number | null } },
): Promise<void> {
  const { poolId, startsAt, expiresAt } = pool;
  const from = Math.max(now, window.from);
  const to = window.to ?? Number.POSITIVE_INFINITY;
  const end = expiresAt ?? Number.POSITIVE_INFINITY;
  for (const part of [
    { from, to: Math.min(to, startsAt), seats: 0 },
    { from: Math.max(from, startsAt), to: Math.min(to, end), seats: pool.seats },
    { from: Math.max(from, end), to, seats: 0 },
  ]) {
    if (part.to <= part.from) continue;
    const until = part.to === Number.POSITIVE_INFINITY ? null : part.to;
    const beyond = await pools.firstBeyond(partnerId, poolId, { ...part, to: until });
    if (beyond === undefined) continue;
    const at = instantText(beyond.at);
    throw new ProblemError('pool_insufficient', {
      detail: `Of pool ${poolId}, ${beyond.occupied} seats would be occupied at ${at}, and it has ${part.seats} then.`,
      numbers: { at, occupied: beyond.occupied, seats: part.seats },
    });
  }
}

function recordPool(
  recorder: Recorder,
  kind: 'pool.added' | 'pool.changed' | 'pool.ended',
  before: Pool | null,
  after: Pool,
): Promise<number> {
  return recorder.append({
    kind,
    subject: String(after.poolId),
    customerId: null,
    before: before === null ? null : poolState(before),
    after: poolState(after),
  });
}

/** A pool as events keep it. */
export type PoolState = Readonly<
  Pick<Pool, 'resource' | 'seats' | 'source'> & { startsAt: string; expiresAt: string | null }
>;

function poolState({ resource, seats, startsAt, expiresAt, source }: Pool): PoolState {
  return {
    resource,
    seats,
    startsAt: instantText(startsAt),
    expiresAt: expiresAt === null ? null : instantText(expiresAt),
    source,
  };
}

/** The reverse, of the event that the version is of. */
export function poolFromState(poolId: number, changedSequence: number, state: PoolState): Pool {
  return {
    ...state,
    poolId,
    changedSequence,
    startsAt: Date.parse(state.startsAt),
    expiresAt: state.expiresAt === null ? null : Date.parse(state.expiresAt),
  };
}
