/**
 * One HTTP request and its whole answer.
 *
 * On `node:http` and not on `fetch`: the built-in fetch gives up when an answer takes 300 s to begin, which cannot be changed
 * without a further package, and the import of a large file may take longer. It also follows redirects, with the secret, unless told.
 */

import { once } from 'node:events';
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { Failure, localFailure } from '../failure.ts';
import { systemErrorCode } from '../systemErrorCode.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array> | undefined;
  /** For the whole exchange; absent for one that may take as long as it takes. */
  readonly timeoutMs?: number | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Fails with `server_unreachable`, `connection_broken` or `answer_late`, or with the `Failure` that reading the body ended with. */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await exchange(request);
  } catch (error) {
    throw transportFailure(error, request);
  }
}

async function exchange({ url, method, headers, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
  const options: RequestOptions = {
    method,
    headers: { accept: 'application/json', ...headers },
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  };
  const outgoing = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  const answering: Promise<IncomingMessage[]> = once(outgoing, 'response');
  if (body === undefined || typeof body === 'string') outgoing.end(body);
  else upload(Readable.from(body), outgoing);
  const [incoming] = await answering;
  if (incoming === undefined) throw new Error('a response event without a response');
  try {
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await readText(incoming) };
  } finally {
    // The server may answer, with a refusal, before it has read all of a large file.
    if (!outgoing.writableFinished) outgoing.destroy();
  }
}

/** Not `stream.pipeline`: it aborts a request whose body fails without passing on why. */
function upload(body: Readable, outgoing: ClientRequest): void {
  body.on('error', (error) => outgoing.destroy(error));
  outgoing.on('close', () => body.destroy());
  body.pipe(outgoing);
}

function transportFailure(error: unknown, { url, timeoutMs }: HttpRequest): Failure {
  if (error instanceof Failure) return error;
  const { origin } = url;
  if (error instanceof Error && error.name === 'AbortError') {
    const seconds = (timeoutMs ?? 0) / 1000;
    return localFailure('answer_late', `${origin} did not answer within ${seconds} s.`, { cause: error });
  }
  const code = systemErrorCode(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return localFailure(
      'connection_broken',
      `The connection to ${origin} broke before the answer was complete.`,
      { cause: error },
    );
  }
  const reason = reasons[code ?? ''] ?? code ?? String(error);
  return localFailure('server_unreachable', `No server can be reached at ${origin}: ${reason}.`, {
    cause: error,
  });
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of this name',
  EPROTO: 'what listens there does not speak TLS as https needs it',
};
