/**
 * Bounds how many of one partner's changes are underway at once. Each holds a session while it waits for an import of its partner, and
 * the changes of other partners must not run out of sessions for that.
 */

import { ProblemError } from '@seatledger/contract';

/** How many sessions a process opens for changes. One partner may have half of them underway. */
export const changeSessionsMax = 10;

interface Lane {
  underway: number;
  readonly waiting: (() => void)[];
}

/** How many changes of one partner may wait for others of it. */
const waitingMax = 500;

export type InLane = <Result>(partnerId: number, work: () => Promise<Result>) => Promise<Result>;

/**
 * Runs the work at once, or once others of the partner are done, in the order in which it came. Throws `overloaded` where too many wait
 * already.
 */
export function openLanes(underwayMax: number): InLane {
  const lanes = new Map<number, Lane>();

  return async function inLane(partnerId, work) {
    const lane = lanes.get(partnerId) ?? { underway: 0, waiting: [] };
    if (lane.waiting.length >= waitingMax) throw new ProblemError('overloaded');
    lanes.set(partnerId, lane);
    if (lane.underway < underwayMax) lane.underway++;
    else await new Promise<void>((resolve) => lane.waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Whoever comes next takes the place as it is.
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else if (--lane.underway === 0) lanes.delete(partnerId);
    }
  };
}
