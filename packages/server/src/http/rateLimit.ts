/** How fast each app may send requests to this process. */

import type { FastifyReply } from 'fastify';
import { sendProblem } from './problems.ts';
import { createTokenBuckets } from './tokenBuckets.ts';

/** A burst is what comes in this time, in seconds. */
const burstSeconds = 2;

export interface RateLimit {
  /** Counts a request of the app and tells it how many are left. Answers it and says false where there was none left. */
  admits(clientId: string, reply: FastifyReply): boolean;
  /** Counts a request of the app that is answered in another form: 0 where it is admitted, else the whole seconds to wait. */
  take(clientId: string): number;
}

/**
 * Each app may send `perSecond` requests a second, a whole number of 1 or more, and twice as many at once.
 *
 * Source: draft-ietf-httpapi-ratelimit-headers-11. `monotonicMs` never goes back.
 */
export function createRateLimit({
  perSecond,
  monotonicMs,
}: {
  perSecond: number;
  monotonicMs: () => number;
}): RateLimit {
  const burst = burstSeconds * perSecond;
  const buckets = createTokenBuckets({ tokens: perSecond, periodMs: 1000, burst }, { monotonicMs });
  const policy = `"app";q=${burst};w=${burstSeconds}`;
  const refusal = `The app may send ${perSecond} requests a second, and ${burst} at once.`;

  return {
    admits(clientId, reply) {
      const left = buckets.take(clientId);
      const isAdmitted = left >= 0;
      void reply.header('ratelimit-policy', policy);
      // More comes every second, so what is left holds for no longer than that.
      void reply.header('ratelimit', isAdmitted ? `"app";r=${left};t=1` : '"app";r=0;t=1');
      if (isAdmitted) return true;
      void reply.header('retry-after', String(buckets.waitSeconds(clientId)));
      void sendProblem(reply, 'rate_limit_exceeded', { detail: refusal });
      return false;
    },
    take: (clientId) => (buckets.take(clientId) >= 0 ? 0 : buckets.waitSeconds(clientId)),
  };
}
