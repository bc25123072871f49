/** Which web pages of other origins may use the API. Source: the Fetch standard, "CORS protocol". */

import type { FastifyReply, FastifyRequest } from 'fastify';

const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const allowedHeaders =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Change-Reason, Api-Version, Last-Event-ID';
const exposedHeaders = 'ETag, request-id, RateLimit, RateLimit-Policy, Retry-After, Location';
/** How long a browser may remember what it was allowed, in seconds; the browsers' own bounds begin at ten minutes. */
const maxAgeSeconds = 600;

export interface Cors {
  /** Tells a browser whether the page may read the answer. */
  setHeaders(request: FastifyRequest, reply: FastifyReply): void;
  /** Whether a browser asks, for a page that may, whether it may send a request. */
  isPreflight(request: FastifyRequest): boolean;
  answerPreflight(reply: FastifyReply): void;
}

/** Pages of these origins alone, as browsers write origins. No cookies: apps bring their tokens. */
export function corsFor(origins: readonly string[]): Cors {
  const allowed: ReadonlySet<string | undefined> = new Set(origins);

  return {
    setHeaders({ headers }, reply) {
      void reply.header('vary', 'Origin');
      if (!allowed.has(headers.origin)) return;
      void reply.header('access-control-allow-origin', headers.origin);
      void reply.header('access-control-expose-headers', exposedHeaders);
    },
    isPreflight: ({ method, headers }) =>
      method === 'OPTIONS' &&
      allowed.has(headers.origin) &&
      headers['access-control-request-method'] !== undefined,
    answerPreflight(reply) {
      void reply
        .code(204)
        .header('access-control-allow-methods', allowedMethods)
        .header('access-control-allow-headers', allowedHeaders)
        .header('access-control-max-age', String(maxAgeSeconds))
        .send();
    },
  };
}
