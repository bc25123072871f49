/**
 * What the server says of itself to those who keep it running, on a listener of its own: the API's callers do not reach it, and it answers
 * also where they have taken every connection.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { operations, ProblemError, problems } from '@seatledger/contract';
import { expositionType } from '../metrics/index.ts';
import { createServer } from './nodeHttp.ts';
import { problemBody } from './problems.ts';

const headersBytesMax = 8192;
const requestMs = 10_000;

/** `readMetrics` answers soon; `requireReady` throws the problem where the server cannot answer requests. */
export function createManagementServer({
  readMetrics,
  requireReady,
  newId,
}: {
  readMetrics: () => Promise<string>;
  requireReady: () => Promise<void>;
  newId: () => string;
}): Server {
  const pages: Readonly<Record<string, () => Promise<Page>>> = {
    '/metrics': async () => ({ status: 200, type: expositionType, body: await readMetrics() }),
    [operations.getLiveness.path]: async () => page({ status: 'live' }),
    [operations.getReadiness.path]: () => requireReady().then(() => page({ status: 'ready' }), notReady),
  };

  function notReady(error: unknown): Page {
    const code = error instanceof ProblemError ? error.code : 'internal_error';
    return refusal(code);
  }
  function refusal(code: ProblemError['code']): Page {
    const body = JSON.stringify(problemBody(code, newId()));
    return { status: problems[code].status, type: 'application/problem+json; charset=utf-8', body };
  }
  async function answer(method: string | undefined, url = ''): Promise<Page> {
    const make = pages[url.split('?', 1)[0] ?? ''];
    if (make === undefined) return refusal('route_unknown');
    if (method !== 'GET' && method !== 'HEAD') return refusal('method_not_allowed');
    return make().catch(() => refusal('internal_error'));
  }

  async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body } = await answer(request.method, request.url);
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
      ...(status === 503 ? { 'retry-after': '1' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  return createServer(
    { maxHeaderSize: headersBytesMax, requestTimeout: requestMs, headersTimeout: requestMs },
    (request, response) => {
      // No page takes a body, and one that is sent must not hold up what follows on the connection.
      request.resume();
      void send(request, response);
    },
  );
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function page(body: object): Page {
  return { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
