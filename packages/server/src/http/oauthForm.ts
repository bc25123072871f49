/** The form that the OAuth endpoints take, and the form in which they refuse (RFC 6749 sections 2.3, 3.2 and 5.2). */

import { assertionType, ProblemError, problems, type TokenError } from '@seatledger/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type AuthenticateClient,
  type AuthenticatedClient,
  claimedClientId,
  type ClientProof,
} from '../identity/index.ts';
import { addressOf } from './addressOf.ts';
import type { FailureLimit } from './failureLimit.ts';
import { sendError } from './problems.ts';
import type { RateLimit } from './rateLimit.ts';

const mediaType = 'application/x-www-form-urlencoded';
/** The largest form, in bytes; the longest assertion fits in. */
const formBytesMax = 65_536;
/** The longest client id and secret, in characters. */
const credentialLengthMax = 100;

export type Form = ReadonlyMap<string, string>;

/** Why an endpoint refuses. */
export interface Refusal {
  readonly error: TokenError;
  readonly description: string;
  /** Seconds after which the caller may try again, where it tried too often. */
  readonly retryAfterSeconds?: number;
}

/** Lets the endpoint take forms, and nothing else. */
export function takeForms(surroundings: FastifyInstance): void {
  surroundings.removeAllContentTypeParsers();
  surroundings.addContentTypeParser(
    mediaType,
    { parseAs: 'string', bodyLimit: formBytesMax },
    (_request, body, done) => done(null, body),
  );
  surroundings.setErrorHandler(answerFormError);
}

/** Empty parameters count as absent, and none may be repeated (RFC 6749 section 3.2). */
export function formFromWire({ body }: FastifyRequest): { form: Form } | Refusal {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(typeof body === 'string' ? body : '')) {
    if (form.has(name))
      return { error: 'invalid_request', description: 'A parameter of the form is repeated.' };
    form.set(name, value);
  }
  for (const [name, value] of form) {
    if (value === '') form.delete(name);
  }
  return { form };
}

/** From a request to the client that proves in it who it is. Who fails too often is not looked at for a while, and nobody asks for more than an app may. */
export function clientsOf(
  authenticate: AuthenticateClient,
  { failures, rateLimit }: { failures: FailureLimit; rateLimit: RateLimit | undefined },
) {
  return async function clientOf(
    request: FastifyRequest,
    form: Form,
  ): Promise<AuthenticatedClient | Refusal> {
    const proof = proofFromWire(request, form);
    if ('error' in proof) return proof;
    const clientId = claimedClientId(proof).slice(0, credentialLengthMax);
    const address = addressOf(request);
    const retryAfterSeconds = failures.refusedFor(address, clientId);
    if (retryAfterSeconds !== undefined) {
      const description =
        'Too many requests from this address failed to prove who they are. Try again later.';
      return { error: 'temporarily_unavailable', description, retryAfterSeconds };
    }
    const authenticated = await authenticate(proof, address);
    if (authenticated !== undefined) {
      request.provenClientId = authenticated.client.clientId;
      const waitSeconds = rateLimit?.take(authenticated.client.clientId) ?? 0;
      if (waitSeconds === 0) return authenticated;
      const description = 'The app sends requests faster than it may.';
      return { error: 'temporarily_unavailable', description, retryAfterSeconds: waitSeconds };
    }
    failures.failed(address, clientId);
    // One answer for every reason: which of them it is, is not for everybody to know.
    return {
      error: 'invalid_client',
      description:
        'The client is unknown or disabled, or its credential is wrong, has expired or was used before.',
    };
  };
}

export type ClientOf = ReturnType<typeof clientsOf>;

const basic = /^Basic +([A-Za-z0-9+/=_-]+) *$/i;

function proofFromWire({ headers }: FastifyRequest, form: Form): ClientProof | Refusal {
  const clientId = form.get('client_id');
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  const type = form.get('client_assertion_type');
  const hasHeader = headers.authorization !== undefined;
  const hasAssertion = assertion !== undefined || type !== undefined;
  if ([hasHeader, secret !== undefined, hasAssertion].filter(Boolean).length > 1) {
    return { error: 'invalid_request', description: 'The client authenticates in more than one way.' };
  }
  if (hasHeader) {
    const proof = basicFromWire(headers.authorization ?? '');
    if (proof === undefined)
      return {
        error: 'invalid_client',
        description: 'The Authorization header is not HTTP Basic credentials.',
      };
    if (clientId !== undefined && clientId !== proof.clientId) {
      return { error: 'invalid_request', description: 'The header and the form name two clients.' };
    }
    return bounded(proof);
  }
  if (hasAssertion) {
    if (assertion === undefined)
      return { error: 'invalid_request', description: 'The form has no client_assertion.' };
    if (type !== assertionType)
      return { error: 'invalid_request', description: `The client_assertion_type is ${assertionType}.` };
    return { clientId: clientId?.slice(0, credentialLengthMax + 1), assertion };
  }
  if (clientId === undefined || secret === undefined) {
    return {
      error: 'invalid_client',
      description: 'The form has neither client_id and client_secret nor client_assertion.',
    };
  }
  return bounded({ clientId, secret });
}

/** Both parts are form-encoded before they are joined (RFC 6749 section 2.3.1). */
function basicFromWire(authorization: string): { clientId: string; secret: string } | undefined {
  const encoded = basic.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [clientId, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (clientId === undefined || rest.length === 0) return undefined;
  try {
    return { clientId: formDecoded(clientId), secret: formDecoded(rest.join(':')) };
  } catch {
    return undefined;
  }
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** What is too long to be a credential is none; it takes the way of every wrong one, so that it costs the same. */
function bounded({ clientId, secret }: { clientId: string; secret: string }): ClientProof {
  return {
    clientId: clientId.slice(0, credentialLengthMax + 1),
    secret: secret.slice(0, credentialLengthMax + 1),
  };
}

export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { error, description, retryAfterSeconds }: Refusal,
): FastifyReply {
  // 401 where the header was tried, with whatever scheme (RFC 6749 section 5.2), else 400 as production answers.
  const isChallenged = error === 'invalid_client' && request.headers.authorization !== undefined;
  if (isChallenged) void reply.header('www-authenticate', 'Basic realm="seatledger"');
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  const status = retryAfterSeconds === undefined ? (isChallenged ? 401 : 400) : 429;
  return noStore(reply).code(status).send({ error, error_description: description });
}

/** What tells of tokens is kept by nobody on the way (RFC 6749 section 5.1). */
export function noStore(reply: FastifyReply): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('pragma', 'no-cache')
    .type('application/json; charset=utf-8');
}

/** What is wrong with the form as such is `invalid_request`, not a problem. */
function answerFormError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isOfCaller =
    error instanceof ProblemError
      ? problems[error.code].status < 500
      : error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500;
  if (!isOfCaller) return sendError(error, request, reply);
  return refuse(request, reply, {
    error: 'invalid_request',
    description: `The body is not an uncompressed form of the type ${mediaType} and of at most ${formBytesMax} bytes.`,
  });
}
