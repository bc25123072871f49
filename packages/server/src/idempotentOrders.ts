/** One order at a time for each idempotency key of this process. */

import { ProblemError } from '@seatledger/contract';
import type { MakeChange } from './changes.ts';

/** Throws `idempotency_key_in_use` for an order that comes while another with its key is made. */
export function oneAtATime(make: MakeChange): MakeChange {
  const underway = new Set<string>();
  return async (order) => {
    if (order.idempotencyKey === undefined || order.idempotencyKey === null) return make(order);
    const key = JSON.stringify([order.partnerId, order.actor, order.idempotencyKey]);
    if (underway.has(key)) throw new ProblemError('idempotency_key_in_use');
    underway.add(key);
    try {
      return await make(order);
    } finally {
      underway.delete(key);
    }
  };
}
