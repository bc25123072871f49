/** The HTTP server: everything that holds for any request, whatever it asks. */

import { METHODS } from 'node:http';
import type { Socket } from 'node:net';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Authenticate } from '../identity/index.ts';
import { answerParserError } from './parserErrors.ts';
import { sendError, sendProblem } from './problems.ts';
import { type Route, serveRoute } from './route.ts';
import { takeOverFromNode } from './takeOver.ts';
import { compileCheck } from './validation.ts';

/** The largest JSON body, in bytes. Other media types have bounds of their own. */
const jsonBytesMax = 1_048_576;
/** The longest segment of a path that reaches an operation, in characters; ids have bounds of their own. */
const segmentLengthMax = 256;

/** How long a request may take to arrive, in milliseconds; the largest import included. */
const requestTimeoutMs = 300_000;

const requestIdForm = /^[A-Za-z0-9._:-]{1,64}$/;

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly logger: FastifyBaseLogger;
  readonly newId: () => string;
}

export function createHttpServer({
  routes,
  authenticate,
  logger,
  newId,
}: HttpServerOptions): FastifyInstance {
  let isStopping = false;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: jsonBytesMax,
    return503OnClosing: false,
    requestTimeout: requestTimeoutMs,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: segmentLengthMax },
    // Node would refuse a request without Host by itself; see the hook below.
    http: { requireHostHeader: false },
    genReqId: ({ headers }) => {
      const own = headers['request-id'];
      return typeof own === 'string' && requestIdForm.test(own) ? own : newId();
    },
    clientErrorHandler: (error, socket: Socket) => answerParserError(error, socket, newId()),
    frameworkErrors: (error, request, reply) => {
      setCommonHeaders(request, reply);
      void sendError(error, request, reply);
    },
  });

  app.decorateRequest('caller', null);
  app.decorateRequest('revision', null);
  app.setValidatorCompiler(compileCheck);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'route_unknown'));

  app.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    if (isStopping) void sendProblem(reply, 'server_stopping');
    else if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      void sendProblem(reply, 'request_malformed', { detail: 'The request has no Host header.' });
    else done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Else the connection stays open for a next request, and the stop waits for it.
    if (isStopping) void reply.header('connection', 'close');
    done();
  });

  takeOverFromNode(app.server);
  for (const route of routes) serveRoute(app, route, authenticate);
  refuseOtherMethods(app, routes);
  return app;
}

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('request-id', request.id);
  void reply.header('x-content-type-options', 'nosniff');
  void reply.header('cache-control', 'private, no-cache');
}

/** A known path answers any other method with 405 and those that it takes. */
function refuseOtherMethods(app: FastifyInstance, routes: readonly Route[]): void {
  const known: readonly string[] = app.supportedMethods;
  for (const method of METHODS) {
    if (!known.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  const methodsByUrl = new Map<string, string[]>();
  for (const { operation } of routes) {
    const url = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const methods = operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method];
    methodsByUrl.set(url, [...(methodsByUrl.get(url) ?? []), ...methods]);
  }
  for (const [url, allowed] of methodsByUrl) {
    app.route({
      method: app.supportedMethods.filter((method) => !allowed.includes(method)),
      url,
      onRequest: (_request, reply) => {
        void reply.header('allow', allowed.join(', '));
        void sendProblem(reply, 'method_not_allowed', { detail: `The path takes ${allowed.join(', ')}.` });
      },
      handler: () => Promise.resolve(),
    });
  }
}
