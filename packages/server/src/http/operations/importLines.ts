import { PassThrough, type Readable } from 'node:stream';
import {
  type CustomerId,
  type ImportLinesQuery,
  type ImportReport,
  importBytesMax,
  operations,
  ProblemError,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import { callerAgain, callerOf } from '../guard.ts';
import type { ImportFormat } from '../import/checkImport.ts';
import { reasonOf } from '../order.ts';
import type { Route } from '../route.ts';

/** Takes in the whole body, checks it, and only then applies it; nothing of it is left where any of that fails. */
export type Import = (
  body: Readable,
  request: {
    readonly bytesMax: number;
    readonly format: ImportFormat;
    readonly dryRun: boolean;
    readonly replace: boolean;
    /** The customers that the caller sees once the file has arrived; throws where it may not import any more. */
    readonly customersNow: () => Promise<'all' | ReadonlySet<CustomerId>>;
    readonly partnerId: number;
    readonly actor: string;
    readonly reason: string | null;
  },
) => Promise<ImportReport>;

const formats: ReadonlyMap<string, ImportFormat> = new Map([
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
]);

export function importLines(importBody: Import): Route {
  return {
    operation: operations.importLines,
    takesUpload: true,
    prepare(surroundings) {
      surroundings.removeAllContentTypeParsers();
      // The body stays a stream: it is taken in by whoever imports it.
      for (const mediaType of formats.keys()) {
        surroundings.addContentTypeParser(mediaType, (_request, payload, done) =>
          done(null, detached(payload as Readable)),
        );
      }
      // What is refused before anybody reads the body gives it up as well.
      surroundings.addHook('onSend', ({ body }, _reply, payload, done) => {
        if (body instanceof PassThrough) body.destroy();
        done(null, payload);
      });
    },
    async answer(request) {
      const { dryRun = false, replace = false } = request.query as ImportLinesQuery;
      const { partnerId, clientId } = callerOf(request);
      const reason = reasonOf(request);
      // What says of itself that it is too large need not be taken in first.
      if (Number(request.headers['content-length'] ?? 0) > importBytesMax)
        throw new ProblemError('body_too_large');
      return importBody(request.body as Readable, {
        bytesMax: importBytesMax,
        format: formatOf(request),
        dryRun,
        replace,
        customersNow: async () => (await callerAgain(request)).customers,
        partnerId,
        actor: `app:${clientId}`,
        reason,
      });
    },
  };
}

/** The body for a reader that may give it up: the rest is then read past, for else the caller would wait to send it and not read the answer. */
function detached(body: Readable): Readable {
  const reader = new PassThrough();
  body.once('error', (error) => reader.destroy(error)).pipe(reader);
  return reader.once('close', () => body.resume());
}

function formatOf({ headers }: FastifyRequest): ImportFormat {
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const format = formats.get(mediaType);
  // The framework lets a request through that has neither a body nor a content type.
  if (format === undefined) throw new ProblemError('content_type_unsupported');
  return format;
}
