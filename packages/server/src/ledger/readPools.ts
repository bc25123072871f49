/** Answers how much of a pool is handed out, and how much can still be. */

import type { LedgerReads, Pool } from './ports.ts';

export interface PoolCount {
  /** Seats occupied now. */
  readonly occupied: number;
  /** The most that are occupied, now or at any later instant. */
  readonly occupiedMax: number;
  /** Seats that a grant from now to the end of the pool can take: those that are never occupied, none where the pool is over. */
  readonly free: number;
}

export type PoolReader = (partnerId: number, pool: Pool) => Promise<PoolCount>;

export function readPools(ledger: Pick<LedgerReads, 'poolOccupation'>, clock: { now(): number }): PoolReader {
  return async (partnerId, { poolId, seats, expiresAt }) => {
    const now = clock.now();
    const occupation = await ledger.poolOccupation(partnerId, poolId, now);
    const isOver = expiresAt !== null && expiresAt <= now;
    return { ...occupation, free: isOver ? 0 : seats - occupation.occupiedMax };
  };
}
