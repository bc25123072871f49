/** How much of a pool is occupied, now and at most from now on. */

import type { PoolStep } from './ports.ts';

export interface Occupation {
  /** Seats occupied now. */
  readonly occupied: number;
  /** The most that are occupied, now or at any later instant. */
  readonly occupiedMax: number;
}

/** Of the steps in their order, from the one that holds now on. Before the first step nothing is occupied. */
export function occupationFrom(steps: readonly PoolStep[], now: number): Occupation {
  const occupied = steps.findLast(({ at }) => at <= now)?.occupied ?? 0;
  const later = steps.filter(({ at }) => at > now).map((step) => step.occupied);
  return { occupied, occupiedMax: later.reduce((most, seats) => Math.max(most, seats), occupied) };
}
