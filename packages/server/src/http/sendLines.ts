/** Answers of many rows: a JSON object a line, each batch sent as soon as it is known and the peer has taken those before it. */

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** `read` is told by its signal when the peer is gone; then nobody wants the rest. */
export function sendLines(
  request: FastifyRequest,
  reply: FastifyReply,
  read: (gone: AbortSignal) => AsyncIterable<readonly object[]>,
): FastifyReply {
  void reply.type('application/x-ndjson');
  // The framework would have every row computed and throw them away.
  if (request.method === 'HEAD') return reply.send(Readable.from([]));
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return reply.send(Readable.from(linesOf(request, reply, read(gone.signal))));
}

async function* linesOf(
  request: FastifyRequest,
  reply: FastifyReply,
  batches: AsyncIterable<readonly object[]>,
): AsyncGenerator<string, undefined> {
  try {
    for await (const rows of batches) {
      if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    }
    return undefined;
  } catch (error) {
    // Before the first line it is answered, and logged, as any failure. Then the framework cuts the connection, so that what was
    // sent does not look complete, and calls that a warning.
    if (reply.raw.headersSent && !request.socket.destroyed)
      request.log.error({ err: error, requestId: request.id }, 'an answer broke off');
    throw error;
  }
}
