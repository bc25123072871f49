/** How long a request may take to arrive. */

import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** In milliseconds, each from the first byte of the request or the opening of its connection. */
export interface ArrivalBounds {
  readonly headersMs: number;
  /** The whole request, its body included. */
  readonly requestMs: number;
  /** The body of an operation that takes files; from the end of the headers. */
  readonly uploadMs: number;
  /** How often late requests are looked for; none is ended later than this after it is late. */
  readonly checkMs: number;
}

export const arrivalBounds: ArrivalBounds = {
  headersMs: 15_000,
  requestMs: 30_000,
  uploadMs: 300_000,
  checkMs: 1000,
};

/** The code that Node gives to a request that is late. */
const lateCode = 'ERR_HTTP_REQUEST_TIMEOUT';

export interface Uploads {
  /** A hook: from here on the body of the request may take the longer time. */
  readonly begin: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
  /** Whether what Node says of the connection is that an upload takes longer than other requests may. */
  excuses(error: { readonly code?: string }, socket: Socket): boolean;
}

/** `onLate` is told the connection of an upload that takes longer than even uploads may. */
export function watchUploads(
  { uploadMs }: ArrivalBounds,
  onLate: (error: { readonly code: string }, socket: Socket) => void,
): Uploads {
  const arriving = new WeakSet<Socket>();

  return {
    begin({ raw }, _reply, done) {
      const { socket } = raw;
      // Node knows one bound for all requests and tells once where it is passed, so this is watched here.
      const watch = setTimeout(() => onLate({ code: lateCode }, socket), uploadMs).unref();
      arriving.add(socket);
      function end(): void {
        clearTimeout(watch);
        arriving.delete(socket);
      }
      raw.once('end', end).once('close', end);
      done();
    },
    excuses: ({ code }, socket) => code === lateCode && arriving.has(socket),
  };
}
