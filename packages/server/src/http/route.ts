/** An operation of the contract, and how this server answers it. */

import { type Operation, ProblemError } from '@seatledger/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import type { Uploads } from './arrival.ts';
import { callerAgain, guard, type Guarding } from './guard.ts';

export interface Route {
  readonly operation: Operation;
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  /** Whether the body may be a file, which takes longer to arrive than other requests may. */
  readonly takesUpload?: true;
  /** What the route needs of its surroundings, for example a parser of its media type. */
  readonly prepare?: (surroundings: FastifyInstance) => void;
}

/** Serves the route, behind the guard of its permission. */
export function serveRoute(
  app: FastifyInstance,
  route: Route,
  { uploads, ...guarding }: Guarding & { readonly uploads: Uploads },
): void {
  const { operation, answer, prepare, takesUpload = false } = route;
  const { permission, parameters, body, answer: promised } = operation;
  void app.register((surroundings, _options, done) => {
    if (body === undefined) ignoreBody(surroundings);
    prepare?.(surroundings);
    surroundings.route({
      method: operation.method,
      url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      onRequest: [
        ...(permission === undefined ? [] : [guard(guarding, { ...operation, permission })]),
        ...(takesUpload ? [uploads.begin] : []),
      ],
      ...(body === undefined ? {} : { preParsing: refuseCompressed }),
      ...(body === undefined || permission === undefined ? {} : { preHandler: callerAgain }),
      schema: {
        ...(parameters?.query === undefined ? {} : { querystring: parameters.query }),
        ...(body?.['application/json'] === undefined ? {} : { body: body['application/json'] }),
        ...(promised.content === undefined
          ? {}
          : { response: { [promised.status]: schemaOf(promised.content) } }),
      },
      handler: answer,
    });
    done();
  });
}

/** Clients name a content type out of habit; what an operation does not take must not make it fail. */
function ignoreBody(surroundings: FastifyInstance): void {
  surroundings.removeAllContentTypeParsers();
  surroundings.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

function refuseCompressed(
  { headers }: FastifyRequest,
  _reply: FastifyReply,
  payload: RequestPayload,
  done: (error: Error | null, payload?: RequestPayload) => void,
): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') done(null, payload);
  else done(new ProblemError('content_encoding_unsupported'));
}

function schemaOf(content: NonNullable<Operation['answer']['content']>): object {
  const [first] = Object.values(content);
  if (first === undefined) throw new Error('an answer with content has a schema');
  return first.schema;
}
