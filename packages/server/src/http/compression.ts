/** Compressed answers, as Accept-Encoding asks for them. */

import { pipeline, Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
} from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { codingFor } from './accept.ts';

/** The smallest text that is worth it, in bytes: about what goes into one packet anyway. */
const textBytesMin = 1024;

/** Quick rather than small: of an answer that is made once and read once, the time counts. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const gzipOptions = { level: 4 };

interface Coding {
  readonly text: (text: string) => Promise<Buffer>;
  readonly stream: () => Transform;
}

const [brotliOf, gzipOf, zstdOf] = [promisify(brotliCompress), promisify(gzip), promisify(zstdCompress)];

/** Of those that a client likes alike, the quickest first. */
const codings = {
  zstd: { text: (text) => zstdOf(text), stream: () => createZstdCompress() },
  br: { text: (text) => brotliOf(text, brotliOptions), stream: () => createBrotliCompress(brotliOptions) },
  gzip: { text: (text) => gzipOf(text, gzipOptions), stream: () => createGzip(gzipOptions) },
} as const satisfies Record<string, Coding>;
const offered = Object.keys(codings) as (keyof typeof codings)[];

/**
 * A hook of an operation whose answers are worth compressing: what it sends is compressed where the client asks for that, a text where it
 * is not small. Of such an answer only a weak entity tag holds. Compressing is not done on the thread that answers.
 */
export async function compressAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  // A stream that fails before its first byte is followed by the problem, which is sent as it is.
  void reply.removeHeader('content-encoding');
  if (reply.statusCode !== 200) return payload;
  const isText = typeof payload === 'string' && Buffer.byteLength(payload) >= textBytesMin;
  // HEAD tells the length that a text would have; of a stream nobody knows it.
  const isStream = payload instanceof Readable && request.method !== 'HEAD';
  if (!isText && !isStream) return payload;
  const name = codingFor(request.headers['accept-encoding'], offered);
  if (name === undefined) return payload;
  void reply.header('content-encoding', name);
  const coding: Coding = codings[name];
  if (isText) {
    void reply.removeHeader('content-length');
    return coding.text(payload);
  }
  // What becomes of either end becomes of the other; who sends the answer is told.
  return pipeline(payload, coding.stream(), () => undefined);
}
