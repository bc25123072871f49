/** Answers of many rows, each batch sent as soon as it is known and the peer has taken those before it. */

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Told when the peer is gone; then nobody wants the rest. */
export function goneOf(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  // One that left while it was looked at who asks is not told of again.
  if (reply.raw.destroyed) gone.abort();
  else reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

/** A JSON object a line. */
export function sendLines(
  request: FastifyRequest,
  reply: FastifyReply,
  read: (gone: AbortSignal) => AsyncIterable<readonly object[]>,
): FastifyReply {
  void reply.type('application/x-ndjson');
  return sendTexts(request, reply, async function* linesOf(gone) {
    for await (const rows of read(gone)) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    return undefined;
  });
}

/** Texts, or bytes, as they come, those that are empty left out. The type of the answer is set before. */
export function sendTexts(
  request: FastifyRequest,
  reply: FastifyReply,
  read: (gone: AbortSignal) => AsyncIterable<string | Uint8Array>,
): FastifyReply {
  // The framework would have every row computed and throw them away.
  if (request.method === 'HEAD') return reply.send(Readable.from([]));
  const texts = textsOf(request, reply, read(goneOf(reply)));
  return reply.send(Readable.from(texts, { highWaterMark: 1 }));
}

async function* textsOf(
  request: FastifyRequest,
  reply: FastifyReply,
  texts: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array, undefined> {
  try {
    for await (const text of texts) {
      if (text.length > 0) yield text;
    }
    return undefined;
  } catch (error) {
    // Before the first text it is answered, and logged, as any failure. Then the framework cuts the connection, so that what was
    // sent does not look complete, and calls that a warning.
    if (reply.raw.headersSent && !request.socket.destroyed)
      request.log.error({ err: error, requestId: request.id }, 'an answer broke off');
    throw error;
  }
}
