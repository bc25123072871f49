/** Calls of the operations of the contract, each with a token that carries what it needs and no more. */

import { type Operation, operations, type Permission } from '@seatledger/contract';
import type { CommandContext } from '../commandContext.ts';
import { localFailure } from '../failure.ts';
import { textLines } from '../textLines.ts';
import { hasMembers } from './answerShape.ts';
import {
  type HttpAnswer,
  type HttpRequest,
  readAgain,
  send,
  sendForPieces,
  wholeAnswer,
} from './httpTransport.ts';
import { operationRefusal, parsedJson, tokenRefusal, unreadableAnswer } from './refusal.ts';
import { type ConnectionOptions, type ConnectionSettings, readConnectionSettings } from './settings.ts';

export interface OperationRequest {
  /** Made with `operationPath` where the operation's path is a template. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** What the token has to carry beside the permission of the operation, or all that the app holds. */
  readonly permissions?: readonly Permission[] | 'held';
  /** Whether the answer may take as long as it takes; otherwise 30 s. */
  readonly patient?: boolean;
  /** Breaks the request and its answer off. */
  readonly signal?: AbortSignal;
}

export type GuardedOperation = Operation & { readonly permission: Permission };

/** Whether a body is what is expected, or a row, or a line. */
export type Reads<Answer> = (body: unknown) => body is Answer;

export interface Connection {
  /** The answer's body, once `reads` has found it to be what the operation promises; a `Failure` where it is something else. */
  call<Answer>(operation: GuardedOperation, request: OperationRequest, reads: Reads<Answer>): Promise<Answer>;
  /** The version, for If-Match, of the thing that the operation answers with. */
  version(operation: GuardedOperation, request: OperationRequest): Promise<string>;
  /** The lines of an answer of many, as many at once as have come in; a `Failure` too where the answer breaks off. */
  lines<Line>(
    operation: GuardedOperation,
    request: OperationRequest,
    reads: Reads<Line>,
  ): AsyncIterable<readonly Line[]>;
  /** The answer as it comes in, for as long as it does. A token that is not good any more is not used again. */
  pieces(operation: GuardedOperation, request: OperationRequest): Promise<AsyncIterable<string>>;
  /** An answer that is a file, as it comes in; a `Failure` too where it breaks off. */
  bytes(operation: GuardedOperation, request: OperationRequest): AsyncIterable<Uint8Array>;
}

const requestTimeoutMs = 30_000;
/** How long before its end a token is no longer used for a new request. */
const tokenReserveMs = 60_000;

/** To the server and as the app that the options and the environment name. */
export async function connect(options: ConnectionOptions, context: CommandContext): Promise<Connection> {
  return connectionTo(await readConnectionSettings(options, context));
}

export function connectionTo(settings: ConnectionSettings): Connection {
  /** By the scope that was asked for; undefined where none was, which is all that the app holds. */
  const tokens = new Map<string | undefined, Token>();

  async function tokenFor(scope: string | undefined, signal: AbortSignal | undefined): Promise<string> {
    const known = tokens.get(scope);
    if (isUsable(known)) return known.value;
    const token = await requestToken(settings, scope, signal);
    tokens.set(scope, token);
    return token.value;
  }

  async function httpRequestOf(
    operation: GuardedOperation,
    {
      path = operation.path,
      query = {},
      headers = {},
      body,
      permissions = [],
      patient = false,
      signal,
    }: OperationRequest,
  ): Promise<HttpRequest> {
    const url = new URL(settings.server + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const token = await tokenFor(scopeOf(operation, permissions), signal);
    return {
      url,
      method: operation.method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      body,
      timeoutMs: patient ? undefined : requestTimeoutMs,
      signal,
    };
  }

  return {
    async call(operation, request, reads) {
      const sent = await httpRequestOf(operation, request);
      return readAnswer(await send(sent), { ...expectedOf(operation, sent), reads });
    },
    async version(operation, request) {
      const sent = await httpRequestOf(operation, request);
      const answer = await send(sent);
      readAnswer(answer, { ...expectedOf(operation, sent), reads: (body) => hasMembers(body, {}) });
      const { etag } = answer.headers;
      if (etag === undefined) throw unreadableAnswer(answer, sent.url);
      return etag;
    },
    async *bytes(operation, request) {
      const sent = await httpRequestOf(operation, { ...request, patient: true });
      const { bytes, ...head } = await sendForPieces(sent);
      if (head.status !== operation.answer.status) throw operationRefusal(await wholeAnswer(head), sent.url);
      yield* bytes;
    },
    async *lines(operation, request, reads) {
      const sent = await httpRequestOf(operation, { ...request, patient: true });
      const { pieces, ...head } = await sendForPieces(sent);
      if (head.status !== operation.answer.status)
        throw operationRefusal(await wholeAnswer({ ...head, pieces }), sent.url);
      for await (const lines of textLines(pieces)) {
        yield lines.map((line) => {
          if (!line.endsWith('\n')) throw brokenOff(sent.url);
          const value = parsedJson(line);
          if (!reads(value)) throw unreadableAnswer(head, sent.url);
          return value;
        });
      }
    },
    async pieces(operation, { permissions = [], ...request }) {
      for (let attempt = 1; ; attempt++) {
        const isNew = !isUsable(tokens.get(scopeOf(operation, permissions)));
        const sent = await httpRequestOf(operation, { ...request, permissions, patient: true });
        const { pieces, ...head } = await sendForPieces(sent);
        if (head.status === operation.answer.status) return pieces;
        const refusal = operationRefusal(await wholeAnswer({ ...head, pieces }), sent.url);
        if (head.status === 401) tokens.delete(scopeOf(operation, permissions));
        // One that was revoked, or of a credential that is gone, says nothing of what the app may do now.
        if (head.status !== 401 || isNew || attempt > 1) throw refusal;
      }
    },
  };
}

function scopeOf(
  { permission }: GuardedOperation,
  permissions: readonly Permission[] | 'held',
): string | undefined {
  return permissions === 'held' ? undefined : [...new Set([permission, ...permissions])].join(' ');
}

function expectedOf({ answer: { status } }: GuardedOperation, { url }: HttpRequest) {
  return { url, status, refusal: operationRefusal };
}

/** Some proxies end an answer as if it were complete when what they pass on breaks off. */
function brokenOff({ origin }: URL): Error {
  return localFailure('connection_broken', `The answer of ${origin} ends in the middle of a line.`, {
    remedy: readAgain,
  });
}

interface Token {
  readonly value: string;
  /** On the clock of `performance.now()`, which nobody sets back. */
  readonly usedUntilMs: number;
}

function isUsable(token: Token | undefined): token is Token {
  return token !== undefined && performance.now() < token.usedUntilMs;
}

async function requestToken(
  { server, clientId, clientSecret }: ConnectionSettings,
  scope: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Token> {
  const url = new URL(server + operations.issueToken.path);
  const askedAtMs = performance.now();
  const answer = await send({
    url,
    method: operations.issueToken.method,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      ...(scope === undefined ? {} : { scope }),
    }).toString(),
    timeoutMs: requestTimeoutMs,
    signal,
  });
  const token = readAnswer(answer, {
    url,
    status: operations.issueToken.answer.status,
    reads: (body) => hasMembers(body, { access_token: 'string', expires_in: 'number' }),
    refusal: tokenRefusal,
  });
  return { value: token.access_token, usedUntilMs: askedAtMs + token.expires_in * 1000 - tokenReserveMs };
}

interface ExpectedAnswer<Answer> {
  readonly url: URL;
  readonly status: number;
  readonly reads: Reads<Answer>;
  readonly refusal: (answer: HttpAnswer, url: URL) => Error;
}

function readAnswer<Answer>(
  answer: HttpAnswer,
  { url, status, reads, refusal }: ExpectedAnswer<Answer>,
): Answer {
  if (answer.status !== status) throw refusal(answer, url);
  const body = answer.body === '' ? undefined : parsedJson(answer.body);
  if (!reads(body)) throw unreadableAnswer(answer, url);
  return body;
}
