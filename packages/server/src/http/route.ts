/** An operation of the contract, and how this server answers it. */

import { finished } from 'node:stream';
import { finished as arrived } from 'node:stream/promises';
import { type Operation, ProblemError } from '@seatledger/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import type { RequestMetrics } from '../metrics/index.ts';
import type { Uploads } from './arrival.ts';
import { compressAnswer } from './compression.ts';
import { unrestrictedCallerOf } from './customerOf.ts';
import { callerAgain, guard, type Guarding } from './guard.ts';

export interface Route {
  readonly operation: Operation;
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  /** Whether only apps that see all customers may ask, which is said before anything of the request is looked at. */
  readonly needsAllCustomers?: true;
  /** Whether its answers are compressed for who asks for that; of a text that is sent so only a weak entity tag holds. */
  readonly compresses?: true;
  /** Whether the body may be a file, which takes longer to arrive than other requests may. */
  readonly takesUpload?: true;
  /** Whether it is asked again and again by what keeps the server running. */
  readonly isProbe?: true;
  /** What the route needs of its surroundings, for example a parser of its media type. */
  readonly prepare?: (surroundings: FastifyInstance) => void;
}

/** Serves the route, behind the guard of its permission. */
export function serveRoute(
  app: FastifyInstance,
  route: Route,
  {
    uploads,
    requests,
    ...guarding
  }: Guarding & { readonly uploads: Uploads; readonly requests: RequestMetrics },
): void {
  const { operation, answer, prepare, needsAllCustomers, takesUpload = false, compresses = false } = route;
  const { permission, parameters, body, answer: promised } = operation;
  // What these requests carry takes more than a schema to read: it is read where it is answered.
  const isPartnerContract = operation.tag === 'Partner contract';
  const counted = {
    id: operation.id,
    metrics: requests.ofOperation(operation.id),
    isProbe: route.isProbe === true,
  };
  void app.register((surroundings, _options, done) => {
    if (body === undefined) ignoreBody(surroundings);
    prepare?.(surroundings);
    surroundings.route({
      method: operation.method,
      url: operation.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: { counted },
      onRequest: [
        ...(permission === undefined ? [] : [guard(guarding, { ...operation, permission })]),
        ...(needsAllCustomers ? [requireAllCustomers] : []),
        ...(takesUpload ? [uploads.begin] : []),
      ],
      ...(body === undefined ? {} : { preParsing: refuseCompressed }),
      ...(body === undefined || permission === undefined ? {} : { preHandler: callerAgain }),
      ...(compresses ? { onSend: compressAnswer } : {}),
      schema: {
        ...(parameters?.query === undefined || isPartnerContract ? {} : { querystring: parameters.query }),
        ...(body?.['application/json'] === undefined || isPartnerContract
          ? {}
          : { body: body['application/json'] }),
        ...(promised.content === undefined
          ? {}
          : { response: { [promised.status]: schemaOf(promised.content) } }),
      },
      handler: answer,
    });
    done();
  });
}

/**
 * Clients name a content type out of habit; what an operation does not take must not make it fail. It is read to its end all the same:
 * what turns out not to be HTTP is refused, and must not have been done; and a connection that is closed with something unread on it is
 * reset, which can cost the peer the end of its answer.
 */
function ignoreBody(surroundings: FastifyInstance): void {
  surroundings.removeAllContentTypeParsers();
  surroundings.addContentTypeParser('*', (_request, payload, done) => {
    finished(payload.resume(), (error) => done(error ?? null));
  });
  // The framework looks for none of a GET.
  surroundings.addHook('preHandler', (request, _reply, done) => {
    if (hasBody(request)) void ignoredBody(request, done);
    else done();
  });
  // One that is no media type would be refused before any parser is looked for.
  surroundings.addHook('onRequest', ({ headers }, _reply, done) => {
    delete headers['content-type'];
    done();
  });
}

async function ignoredBody(request: FastifyRequest, done: (error?: Error) => void): Promise<void> {
  try {
    await arrived(request.raw.resume());
    if (request.admitAgain !== null) await callerAgain(request);
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

function hasBody({ headers }: FastifyRequest): boolean {
  return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
}

function requireAllCustomers(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  unrestrictedCallerOf(request);
  done();
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
