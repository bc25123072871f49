/** Calls of the operations of the contract, each with a token that carries what it needs and no more. */

import { type Operation, operations, type Permission } from '@seatledger/contract';
import { hasMembers } from './answerShape.ts';
import { type HttpAnswer, send } from './httpTransport.ts';
import { operationRefusal, parsedJson, tokenRefusal, unreadableAnswer } from './refusal.ts';
import type { ConnectionSettings } from './settings.ts';

interface OperationRequest {
  /** Made with `operationPath` where the operation's path is a template. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** What the token has to carry beside the permission of the operation. */
  readonly permissions?: readonly Permission[];
  /** Whether the answer may take as long as it takes; otherwise 30 s. */
  readonly patient?: boolean;
}

type GuardedOperation = Operation & { readonly permission: Permission };

export interface Connection {
  /** The answer's body, once `reads` has found it to be what the operation promises; a `Failure` where it is something else. */
  call<Answer>(
    operation: GuardedOperation,
    request: OperationRequest,
    reads: (body: unknown) => body is Answer,
  ): Promise<Answer>;
}

const requestTimeoutMs = 30_000;
/** How long before its end a token is no longer used for a new request. */
const tokenReserveMs = 60_000;

export function connectionTo(settings: ConnectionSettings): Connection {
  const tokens = new Map<string, Token>();

  async function tokenFor(permissions: readonly Permission[]): Promise<string> {
    const scope = [...new Set(permissions)].join(' ');
    const known = tokens.get(scope);
    if (known !== undefined && performance.now() < known.usedUntilMs) return known.value;
    const token = await requestToken(settings, scope);
    tokens.set(scope, token);
    return token.value;
  }

  return {
    async call(operation, request, reads) {
      const { path = operation.path, query = {}, headers = {}, body, patient = false } = request;
      const url = new URL(settings.server + path);
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, value);
      }
      const token = await tokenFor([operation.permission, ...(request.permissions ?? [])]);
      const answer = await send({
        url,
        method: operation.method,
        headers: { ...headers, authorization: `Bearer ${token}` },
        body,
        timeoutMs: patient ? undefined : requestTimeoutMs,
      });
      return readAnswer(answer, { url, status: operation.answer.status, reads, refusal: operationRefusal });
    },
  };
}

interface Token {
  readonly value: string;
  /** On the clock of `performance.now()`, which nobody sets back. */
  readonly usedUntilMs: number;
}

async function requestToken(
  { server, clientId, clientSecret }: ConnectionSettings,
  scope: string,
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
      scope,
    }).toString(),
    timeoutMs: requestTimeoutMs,
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
  readonly reads: (body: unknown) => body is Answer;
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
