/** Every request as it is seen from outside: counted by its operation, and one line in the log. */

import type { ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { noOperation, type OperationMetrics, type RequestMetrics } from '../metrics/index.ts';
import type { ParserRefusal } from './parserErrors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What its requests are counted with; none of a route that belongs to no operation. */
    counted?: CountedOperation;
  }
  interface FastifyRequest {
    /** The code of the problem that it was answered with. */
    problemCode: string | null;
    /** The app that proved who it is, whatever it may do. */
    provenClientId: string | null;
  }
}

interface CountedOperation {
  readonly id: string;
  readonly metrics: OperationMetrics;
  /** Whether it is asked so often that its successes are only worth a line to who looks for everything. */
  readonly isProbe: boolean;
}

/** Told of a caller that was gone before its answer began; no answer has it. Source: nginx, which made it known. */
const callerGone = 499;

export interface RequestWatch {
  /** To be told of every request that the router sees. */
  begin(request: FastifyRequest, reply: FastifyReply): void;
  /** To be told of what the parser refused, before it was a request or while the rest of one came. */
  refused(refusal: ParserRefusal): void;
}

export function watchRequests(
  requests: RequestMetrics,
  logger: FastifyBaseLogger,
  monotonicMs: () => number,
): RequestWatch {
  const ofNone: CountedOperation = {
    id: noOperation,
    metrics: requests.ofOperation(noOperation),
    isProbe: false,
  };
  // The level is set for as long as the process lives.
  const tells = { info: isTold(logger, 'info'), debug: isTold(logger, 'debug') };

  /** By the responses that they were sent in place of. */
  const refusals = new WeakMap<ServerResponse, ParserRefusal>();

  function end(request: FastifyRequest, reply: FastifyReply, durationMs: number): void {
    const { id, metrics, isProbe } = request.routeOptions.config.counted ?? ofNone;
    const { raw } = reply;
    const refusal = raw.writableFinished ? undefined : refusals.get(raw);
    // What is answered to a caller that left before it had asked to the end, nobody gets.
    const isGone = !raw.headersSent || (raw.req.destroyed && !raw.req.complete);
    const status = refusal?.status ?? (isGone ? callerGone : raw.statusCode);
    requests.ended();
    metrics.ended(status, durationMs);
    const level = isProbe && status < 400 ? 'debug' : 'info';
    if (!tells[level]) return;
    // Nothing that a caller chose but the id that it gave the request: paths, queries, headers and bodies name people.
    const { method, provenClientId } = request;
    const code = refusal?.code ?? request.problemCode ?? undefined;
    logger[level](
      {
        requestId: refusal?.requestId ?? request.id,
        operation: id,
        method,
        status,
        durationMs: Math.round(durationMs * 1000) / 1000,
        ...(raw.writableFinished ? {} : { brokeOff: true }),
        code,
        clientId: provenClientId ?? undefined,
      },
      'request',
    );
  }

  return {
    begin(request, reply) {
      const beganAt = monotonicMs();
      requests.began();
      // It comes once, after the end of the answer and also where there is no end of it.
      reply.raw.once('close', () => end(request, reply, monotonicMs() - beganAt));
    },
    refused(refusal) {
      const { code, status, requestId, response } = refusal;
      if (response !== undefined) {
        refusals.set(response, refusal);
        return;
      }
      ofNone.metrics.ended(status, 0);
      if (tells.info) logger.info({ requestId, operation: noOperation, status, code }, 'request');
    },
  };
}

function isTold(logger: FastifyBaseLogger, level: 'debug' | 'info'): boolean {
  return (
    !('isLevelEnabled' in logger && typeof logger.isLevelEnabled === 'function') ||
    logger.isLevelEnabled(level) === true
  );
}
