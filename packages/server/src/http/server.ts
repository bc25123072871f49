/** The HTTP server: everything that holds for any request, whatever it asks. */

import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Authenticate } from '../identity/index.ts';
import { countRequests, type RequestMetrics } from '../metrics/index.ts';
import { type ArrivalBounds, arrivalBounds, watchUploads } from './arrival.ts';
import { corsFor } from './cors.ts';
import { createFaultLog, type FaultLog } from './faultLog.ts';
import { methodsOfPaths } from './methodsOfPaths.ts';
import { isAboutHealth, type Load } from './overload.ts';
import { parserErrorAnswers } from './parserErrors.ts';
import { sendError, sendProblem } from './problems.ts';
import type { RateLimit } from './rateLimit.ts';
import { watchRequests } from './requestWatch.ts';
import { type Route, serveRoute } from './route.ts';
import { securityHeaders } from './securityHeaders.ts';
import { compileSerializer } from './serialization.ts';
import { takeOverFromNode } from './takeOver.ts';
import { endFailedHandshakes, tlsOptions, type TlsPair } from './tls.ts';
import { compileCheck } from './validation.ts';

/** The largest JSON body, in bytes. Other media types have bounds of their own. */
const jsonBytesMax = 1_048_576;
/** The longest segment of a path that reaches an operation, in characters; ids have bounds of their own. */
const segmentLengthMax = 256;
/** The request line and the headers together, in bytes. */
const headersBytesMax = 16_384;

const routerOptions = { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: segmentLengthMax };

const requestIdForm = /^[A-Za-z0-9._:-]{1,64}$/;
/** What callers and the proxies before them name a request by; the first that is there counts. */
const requestIdHeaders = ['request-id', 'x-request-id'];

declare module 'fastify' {
  interface FastifyInstance {
    readonly faults: FaultLog;
  }
}

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  readonly logger: FastifyBaseLogger;
  readonly newId: () => string;
  /** None where apps may ask as often as they like. */
  readonly rateLimit?: RateLimit | undefined;
  readonly access?: Access;
  readonly arrival?: ArrivalBounds;
  /** What requests are counted with, where somebody looks at that. */
  readonly requests?: RequestMetrics;
  readonly faults?: FaultLog;
  /** None where every request is taken. */
  readonly load?: Load | undefined;
}

/** The way from a client to the server. */
interface Access {
  /** What to speak TLS with; plain HTTP where there is none. */
  readonly tls?: TlsPair | undefined;
  /** Whether clients speak TLS, to this server or to a proxy in front of it. */
  readonly isReachedByTls: boolean;
  /** Addresses and ranges of the proxies that are believed whom they speak for. */
  readonly trustedProxies: readonly string[];
  /** Origins whose pages may use the API. */
  readonly corsOrigins: readonly string[];
}

const directAccess: Access = { isReachedByTls: false, trustedProxies: [], corsOrigins: [] };

export function createHttpServer({
  routes,
  authenticate,
  logger,
  newId,
  rateLimit,
  access: { tls, isReachedByTls, trustedProxies, corsOrigins } = directAccess,
  arrival = arrivalBounds,
  requests = countRequests(),
  faults = createFaultLog(logger, { monotonicMs }),
  load,
}: HttpServerOptions): FastifyInstance {
  const headersOfAll = securityHeaders({ isReachedByTls });
  const watch = watchRequests(requests, logger, monotonicMs);
  const answerParserError = parserErrorAnswers(headersOfAll, (refusal) => watch.refused(refusal));
  const fieldsOfAll = Object.entries({ ...headersOfAll, 'cache-control': 'private, no-cache' });
  const methodsOf = methodsOfPaths(routes, routerOptions);
  const uploads = watchUploads(arrival, (error, socket) => answerParserError(error, socket, newId()));
  const cors = corsOrigins.length === 0 ? undefined : corsFor(corsOrigins);
  const serverOptions: ServerOptions = {
    // Node would refuse a request without Host by itself; see the hook below.
    requireHostHeader: false,
    maxHeaderSize: headersBytesMax,
    headersTimeout: arrival.headersMs,
    connectionsCheckingInterval: arrival.checkMs,
  };

  /** What comes first with every request that the router sees. */
  function receive(request: FastifyRequest, reply: FastifyReply): void {
    request.log = logger;
    reply.log = logger;
    watch.begin(request, reply);
    setCommonHeaders(request, reply);
  }

  function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
    void reply.header('request-id', request.id);
    for (const [name, value] of fieldsOfAll) void reply.header(name, value);
    cors?.setHeaders(request, reply);
  }

  /** A known path answers any other method with 405 and those that it takes, whatever else is wrong with the request. */
  function refuseMethod({ url }: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const methods = methodsOf(url)?.join(', ');
    if (methods === undefined) done();
    else
      void sendProblem(reply.header('allow', methods), 'method_not_allowed', {
        detail: `The path takes ${methods}.`,
      });
  }

  let isStopping = false;
  const app = fastify({
    ...(tls === undefined
      ? { http: serverOptions }
      : { https: { ...serverOptions, ...tlsOptions(tls), handshakeTimeout: arrival.headersMs } }),
    // Without a logger of its own the framework neither makes one for each request nor listens to the end of each answer, which is
    // watched here. What it has to tell of a request goes to the log all the same: see `receive`.
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: jsonBytesMax,
    return503OnClosing: false,
    requestTimeout: arrival.requestMs,
    ...(trustedProxies.length === 0 ? {} : { trustProxy: [...trustedProxies] }),
    routerOptions,
    genReqId: ({ headers }) => {
      const own = headers[requestIdHeaders.find((name) => headers[name] !== undefined) ?? ''];
      return typeof own === 'string' && requestIdForm.test(own) ? own : newId();
    },
    clientErrorHandler: (error, socket: Socket) => {
      if (!uploads.excuses(error, socket)) answerParserError(error, socket, newId());
    },
    frameworkErrors: (error, request, reply) => {
      receive(request, reply);
      void sendError(error, request, reply);
    },
  } as FastifyHttpOptions<Server>);

  app.decorateRequest('caller', null);
  app.decorateRequest('revision', null);
  app.decorateRequest('admitAgain', null);
  app.decorateRequest('problemCode', null);
  app.decorateRequest('provenClientId', null);
  app.decorate('faults', faults);
  app.setValidatorCompiler(compileCheck);
  app.setSerializerCompiler(compileSerializer);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'route_unknown'));

  const handshakes = tls === undefined ? undefined : endFailedHandshakes(app.server);
  app.addHook('preClose', (done) => {
    isStopping = true;
    handshakes?.stop();
    done();
  });
  app.addHook('onRequest', (request, reply, done) => {
    receive(request, reply);
    if (load?.isTooMuch() === true && !isAboutHealth(request.url)) void sendProblem(reply, 'overloaded');
    else if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      void sendProblem(reply, 'request_malformed', { detail: 'The request has no Host header.' });
    else if (cors?.isPreflight(request)) cors.answerPreflight(reply);
    else if (request.is404) refuseMethod(request, reply, done);
    else done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A request that was on its way as the stop began is answered as any other: its sender could not know. It is the last of its
    // connection, and new ones are refused, so that the stop has an end.
    if (isStopping) void reply.header('connection', 'close');
    done();
  });

  takeOverFromNode(app.server);
  for (const route of routes) serveRoute(app, route, { authenticate, rateLimit, uploads, requests });
  return app;
}

const monotonicMs = () => performance.now();
