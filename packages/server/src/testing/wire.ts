/** Bytes to a server and the answers that come back, whatever happens to the connection. */

import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ReadAnswer } from './documented.ts';

/** An exchange that takes longer than this has stalled. */
const exchangeMs = 10_000;

/**
 * The whole answers that came until the connection ended. A reset ends it too: a server that will not read a body to its end closes.
 *
 * Each character of the bytes is one. A stream of events is left once it has begun.
 */
export async function exchangeBytes(
  url: string,
  bytes: string,
  { endsItsSide }: { endsItsSide: boolean },
): Promise<readonly ReadAnswer[]> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host: hostname, port: Number(port) }).setEncoding('latin1');
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (/^content-type: text\/event-stream[^]*\r\n\r\n./im.test(text.slice(0, 4096))) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => resolve(text));
  const late = setTimeout(() => {
    socket.destroy();
    reject(new Error(`no end of the answer after ${exchangeMs} ms: ${text.slice(0, 500)}`));
  }, exchangeMs);
  socket.write(bytes, 'latin1');
  if (endsItsSide) socket.end();
  try {
    return answersOf(await promise);
  } finally {
    clearTimeout(late);
  }
}

function answersOf(text: string): readonly ReadAnswer[] {
  const endOfHead = text.indexOf('\r\n\r\n');
  if (endOfHead === -1) return [];
  const [statusLine = '', ...fields] = text.slice(0, endOfHead).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) ./.exec(statusLine)?.[1]);
  const rest = text.slice(endOfHead + 4);
  // An interim answer comes before the one that counts.
  if (status < 200) return answersOf(rest);
  const headers = new Headers(
    fields.map((field) => /^([^:]+): *(.*)$/.exec(field)?.slice(1) as [string, string]),
  );
  const isEndless = headers.get('content-type')?.startsWith('text/event-stream') === true;
  const message =
    headers.get('transfer-encoding') === 'chunked' ? dechunked(rest, isEndless) : measured(rest, headers);
  if (message === undefined) return [];
  const body = decoded(message.body, headers.get('content-encoding'));
  return [{ status, headers, body }, ...answersOf(message.after)];
}

interface Message {
  readonly body: string;
  /** What comes after it on the connection. */
  readonly after: string;
}

/** Nothing where the answer breaks off. */
function measured(text: string, headers: Headers): Message | undefined {
  const length = Number(headers.get('content-length') ?? 0);
  return text.length < length ? undefined : { body: text.slice(0, length), after: text.slice(length) };
}

/** Of what has no end, the whole chunks that came. */
function dechunked(text: string, isEndless: boolean): Message | undefined {
  let body = '';
  let at = 0;
  for (;;) {
    const endOfSize = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, endOfSize), 16);
    if (endOfSize === -1 || text.length < endOfSize + size + 4)
      return isEndless && body !== '' ? { body, after: '' } : undefined;
    if (size === 0) return { body, after: text.slice(endOfSize + 4) };
    body += text.slice(endOfSize + 2, endOfSize + 2 + size);
    at = endOfSize + size + 4;
  }
}

function decoded(body: string, encoding: string | null): string {
  const bytes = Buffer.from(body, 'latin1');
  if (encoding === 'gzip') return gunzipSync(bytes).toString();
  if (encoding === 'br') return brotliDecompressSync(bytes).toString();
  if (encoding === 'zstd') return zstdDecompressSync(bytes).toString();
  return bytes.toString();
}
