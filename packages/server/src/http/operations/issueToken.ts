import { operations, ProblemError, problems, type TokenError } from '@seatledger/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClientProof, GrantToken } from '../../identity/index.ts';
import { sendError } from '../problems.ts';
import type { Route } from '../route.ts';

const mediaType = 'application/x-www-form-urlencoded';
/** The largest form, in bytes. */
const formBytesMax = 65_536;
/** The longest client id and secret, in characters. */
const credentialLengthMax = 100;

interface Refusal {
  readonly error: TokenError;
  readonly description: string;
}

export function issueToken(grantToken: GrantToken): Route {
  return {
    operation: operations.issueToken,
    prepare(surroundings) {
      surroundings.removeAllContentTypeParsers();
      surroundings.addContentTypeParser(
        mediaType,
        { parseAs: 'string', bodyLimit: formBytesMax },
        (_request, body, done) => done(null, body),
      );
      surroundings.setErrorHandler(answerFormError);
    },
    async answer(request, reply) {
      const usesHeader = request.headers.authorization !== undefined;
      const read = formFromWire(request.body);
      if ('error' in read) return refuse(reply, read, { usesHeader });
      const proof = proofFromWire(request, read.form);
      if ('error' in proof) return refuse(reply, proof, { usesHeader });
      const outcome = await grantToken(proof, read.form.get('scope'));
      if ('error' in outcome) return refuse(reply, outcome, { usesHeader });
      return noStore(reply).send({
        access_token: outcome.accessToken,
        token_type: 'Bearer',
        expires_in: outcome.expiresInSeconds,
        scope: outcome.permissions.join(' '),
      });
    },
  };
}

/** Empty parameters count as absent, and none may be repeated (RFC 6749 section 3.2). */
function formFromWire(body: unknown): { form: ReadonlyMap<string, string> } | Refusal {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(typeof body === 'string' ? body : '')) {
    if (form.has(name))
      return { error: 'invalid_request', description: 'A parameter of the form is repeated.' };
    form.set(name, value);
  }
  for (const [name, value] of form) {
    if (value === '') form.delete(name);
  }
  const grantType = form.get('grant_type');
  if (grantType === undefined)
    return { error: 'invalid_request', description: 'The form has no grant_type.' };
  if (grantType !== 'client_credentials') {
    return { error: 'unsupported_grant_type', description: 'The only grant is client_credentials.' };
  }
  return { form };
}

const basic = /^Basic +([A-Za-z0-9+/=_-]+) *$/i;

function proofFromWire(
  { headers }: FastifyRequest,
  form: ReadonlyMap<string, string>,
): ClientProof | Refusal {
  const clientId = form.get('client_id');
  const clientSecret = form.get('client_secret');
  if (headers.authorization !== undefined) {
    const proof = basicFromWire(headers.authorization);
    if (proof === undefined)
      return {
        error: 'invalid_client',
        description: 'The Authorization header is not HTTP Basic credentials.',
      };
    if (clientSecret !== undefined || (clientId !== undefined && clientId !== proof.clientId)) {
      return { error: 'invalid_request', description: 'The client authenticates in more than one way.' };
    }
    return bounded(proof);
  }
  if (clientId === undefined || clientSecret === undefined) {
    return { error: 'invalid_client', description: 'The form lacks client_id or client_secret.' };
  }
  return bounded({ clientId, clientSecret });
}

/** Both parts are form-encoded before they are joined (RFC 6749 section 2.3.1). */
function basicFromWire(authorization: string): ClientProof | undefined {
  const encoded = basic.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [clientId, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (clientId === undefined || rest.length === 0) return undefined;
  try {
    return { clientId: formDecoded(clientId), clientSecret: formDecoded(rest.join(':')) };
  } catch {
    return undefined;
  }
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** What is too long to be a credential is none; it takes the way of every wrong one, so that it costs the same. */
function bounded({ clientId, clientSecret }: ClientProof): ClientProof {
  return {
    clientId: clientId.slice(0, credentialLengthMax + 1),
    clientSecret: clientSecret.slice(0, credentialLengthMax + 1),
  };
}

function refuse(
  reply: FastifyReply,
  { error, description }: Refusal,
  { usesHeader }: { usesHeader: boolean },
): FastifyReply {
  // 401 where the header was tried, with whatever scheme (RFC 6749 section 5.2), else 400 as production answers.
  const isChallenged = error === 'invalid_client' && usesHeader;
  if (isChallenged) void reply.header('www-authenticate', 'Basic realm="seatledger"');
  return noStore(reply)
    .code(isChallenged ? 401 : 400)
    .send({ error, error_description: description });
}

function noStore(reply: FastifyReply): FastifyReply {
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
  return refuse(
    reply,
    {
      error: 'invalid_request',
      description: `The body is not an uncompressed form of the type ${mediaType} and of at most ${formBytesMax} bytes.`,
    },
    { usesHeader: false },
  );
}
