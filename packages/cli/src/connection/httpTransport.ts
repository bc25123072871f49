/**
 * One HTTP request and its answer.
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
import { Failure, localFailure } from '../failure.ts';
import { systemErrorCode } from '../systemErrorCode.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array> | undefined;
  /** For the whole exchange; absent for one that may take as long as it takes. */
  readonly timeoutMs?: number | undefined;
  /** Breaks the exchange off. */
  readonly signal?: AbortSignal | undefined;
}

interface HttpAnswerHead {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

export interface HttpAnswer extends HttpAnswerHead {
  readonly body: string;
}

/** An answer that has begun to come. */
export interface HttpAnswerInPieces extends HttpAnswerHead {
  /** The body as it comes in. It has to be read, and fails as `send` does where it does not come to its end. */
  readonly pieces: AsyncIterable<string>;
  /** The same as bytes, to be read in place of the texts. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Fails with `server_unreachable`, `connection_broken` or `answer_late`, or with the `Failure` that reading the body ended with. */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  return wholeAnswer(await sendForPieces(request));
}

export async function wholeAnswer({
  status,
  headers,
  pieces,
}: Omit<HttpAnswerInPieces, 'bytes'>): Promise<HttpAnswer> {
  let body = '';
  for await (const piece of pieces) body += piece;
  return { status, headers, body };
}

/** Resolves once the answer begins. Fails as `send` does. */
export async function sendForPieces(request: HttpRequest): Promise<HttpAnswerInPieces> {
  try {
    return await exchange(request);
  } catch (error) {
    throw transportFailure(error, request);
  }
}

async function exchange(request: HttpRequest): Promise<HttpAnswerInPieces> {
  const { url, method, headers, body, timeoutMs, signal } = request;
  const signals = [
    ...(timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)]),
    ...(signal === undefined ? [] : [signal]),
  ];
  const options: RequestOptions = {
    method,
    headers: { accept: 'application/json', ...headers },
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
  };
  const outgoing = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  const answering: Promise<IncomingMessage[]> = once(outgoing, 'response');
  if (body === undefined || typeof body === 'string') outgoing.end(body);
  else upload(Readable.from(body), outgoing);
  const [incoming] = await answering;
  if (incoming === undefined) throw new Error('a response event without a response');
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    pieces: piecesOf<string>(() => incoming.setEncoding('utf8'), outgoing, request),
    bytes: piecesOf<Uint8Array>(() => incoming, outgoing, request),
  };
}

/** Not `stream.pipeline`: it aborts a request whose body fails without passing on why. */
function upload(body: Readable, outgoing: ClientRequest): void {
  body.on('error', (error) => outgoing.destroy(error));
  outgoing.on('close', () => body.destroy());
  body.pipe(outgoing);
}

async function* piecesOf<Piece>(
  read: () => AsyncIterable<Piece>,
  outgoing: ClientRequest,
  request: HttpRequest,
): AsyncGenerator<Piece, undefined> {
  try {
    yield* read();
    return undefined;
  } catch (error) {
    throw transportFailure(error, request);
  } finally {
    // The server may answer, with a refusal, before it has read all of a large file.
    if (!outgoing.writableFinished) outgoing.destroy();
  }
}

function transportFailure(error: unknown, { url, method, timeoutMs }: HttpRequest): Failure {
  if (error instanceof Failure) return error;
  const { origin } = url;
  if (error instanceof Error && error.name === 'AbortError') {
    const seconds = (timeoutMs ?? 0) / 1000;
    return localFailure('answer_late', `${origin} did not answer within ${seconds} s.`, {
      cause: error,
      ...(method === 'GET' ? { remedy: readAgain } : {}),
    });
  }
  const code = systemErrorCode(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return localFailure(
      'connection_broken',
      `The connection to ${origin} broke before the answer was complete.`,
      { cause: error, ...(method === 'GET' ? { remedy: readAgain } : {}) },
    );
  }
  const reason = reasons[code ?? ''] ?? code ?? String(error);
  return localFailure('server_unreachable', `No server can be reached at ${origin}: ${reason}.`, {
    cause: error,
  });
}

/** Nothing was changed, whatever became of the answer. */
export const readAgain = 'Check that the server still runs, then run the command again.';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of this name',
  EPROTO: 'what listens there does not speak TLS as https needs it',
};
