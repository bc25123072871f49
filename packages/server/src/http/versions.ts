/** Answers that show one thing in its version, which a change of it names. */

import type { FastifyReply } from 'fastify';
import { entityTag } from './order.ts';

interface Versioned {
  readonly changedSequence: number;
}

export function sendVersion(reply: FastifyReply, body: Versioned): FastifyReply {
  return reply.header('etag', entityTag(body.changedSequence)).send(body);
}

/** Answers with what was made, and with the path that it has now. */
export function sendCreated(reply: FastifyReply, path: `/api/v1/${string}`, body: Versioned): FastifyReply {
  return sendVersion(reply.code(201).header('location', path), body);
}
