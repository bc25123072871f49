/** Who sends a request, and whether it may: 401, then the rate limit, then the contract revision, then 403. */

import {
  isRevision,
  type Operation,
  type Permission,
  ProblemError,
  type Revision,
  revisionHeader,
  revisions,
} from '@seatledger/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate, Authentication, Caller } from '../identity/index.ts';
import { challenge, sendProblem } from './problems.ts';
import type { RateLimit } from './rateLimit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of an operation that needs a permission. */
    caller: Caller | null;
    /** The contract revision of the answer, likewise. */
    revision: Revision | null;
    /** Looks again at what the app may do, likewise. Throws what the guard refuses with. */
    admitAgain: (() => Promise<Caller>) | null;
  }
}

export interface Guarding {
  readonly authenticate: Authenticate;
  /** None where apps may ask as often as they like. */
  readonly rateLimit: RateLimit | undefined;
}

/** What stands before the token. A form of the token itself would go through all of it, on each request: one that is none is not known. */
const bearer = /^Bearer +/i;

/** A hook that lets only those through who hold the permission. Answers at once where nothing has to be looked up. */
export function guard(
  { authenticate, rateLimit }: Guarding,
  { permission, tag }: Operation & { permission: Permission },
) {
  const isPartnerContract = tag === 'Partner contract';

  function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    done: () => void,
    token: string,
    authentication: Authentication,
  ): void {
    if ('refused' in authentication) {
      refuse(reply, authentication.refused, 'cause' in authentication ? authentication.cause : undefined);
      return;
    }
    const { caller } = authentication;
    request.provenClientId = caller.clientId;
    if (rateLimit?.admits(caller.clientId, reply) === false) return;
    const asked = isPartnerContract ? request.headers[revisionHeader] : undefined;
    if (asked !== undefined && (typeof asked !== 'string' || !isRevision(asked))) {
      void sendProblem(reply, 'api_version_unknown', {
        detail: `The contract revisions are ${revisions.join(' and ')}.`,
      });
      return;
    }
    if (!caller.may(permission)) {
      void reply.header(
        'www-authenticate',
        `${challenge}, error="insufficient_scope", scope="${permission}"`,
      );
      void sendProblem(reply, 'permission_missing', {
        detail: `The operation needs the permission ${permission}.`,
      });
      return;
    }
    request.caller = caller;
    request.revision = asked ?? caller.revision;
    request.admitAgain = async () => {
      const again = await authenticate(token, request);
      if ('refused' in again) throw new ProblemError(again.refused);
      if (!again.caller.may(permission)) throw new ProblemError('permission_missing');
      request.caller = again.caller;
      return again.caller;
    };
    done();
  }

  return function onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const token = tokenIn(request);
    if (token === undefined) {
      refuse(reply, isBearer(request.headers.authorization) ? 'token_invalid' : 'token_missing');
      return;
    }
    const authentication = authenticate(token, request);
    if (authentication instanceof Promise) {
      authentication.then(
        (checked) => admit(request, reply, done, token, checked),
        (error: unknown) => void reply.send(error),
      );
    } else {
      admit(request, reply, done, token, authentication);
    }
  };
}

/**
 * The caller as it is now, after something took long: a body may arrive for as long as its sender likes, and rights that were taken away
 * meanwhile must not be used. Throws what the guard refuses with.
 */
export async function callerAgain({ admitAgain }: FastifyRequest): Promise<Caller> {
  if (admitAgain === null) throw new Error('the operation is not guarded');
  return admitAgain();
}

/** The token that the caller of an operation that is guarded has sent. */
export function bearerOf(request: FastifyRequest): string {
  const token = tokenIn(request);
  if (token === undefined) throw new Error('the operation is not guarded');
  return token;
}

function tokenIn({ headers: { authorization } }: FastifyRequest): string | undefined {
  const scheme = authorization === undefined ? undefined : bearer.exec(authorization)?.[0];
  if (authorization === undefined || scheme === undefined || scheme.length === authorization.length)
    return undefined;
  return authorization.slice(scheme.length);
}

/** The caller of an operation that is guarded. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('the operation is not guarded');
  return request.caller;
}

function refuse(
  reply: FastifyReply,
  code: 'rights_unverified' | 'token_expired' | 'token_invalid' | 'token_missing',
  cause?: unknown,
): void {
  // RFC 6750 section 3.1: a request without a token is told no error.
  if (code === 'token_missing') void reply.header('www-authenticate', challenge);
  else if (code !== 'rights_unverified')
    void reply.header('www-authenticate', `${challenge}, error="invalid_token"`);
  void sendProblem(reply, code, { cause });
}

function isBearer(authorization: string | undefined): boolean {
  return /^Bearer\b/i.test(authorization ?? '');
}
