/** From a failure to the answer that tells of it: RFC 9457 problem details. */

import { type FieldProblem, type ProblemCode, ProblemError, problems } from '@seatledger/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface ProblemDetails {
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldProblem[];
  readonly errorCount?: number;
  readonly numbers?: Readonly<Record<string, number | string>> | undefined;
  /** What it comes from, for the log alone. */
  readonly cause?: unknown;
}

/** Seconds after which a caller may try again what a 503 refused. */
const retryAfterSeconds = 1;

/** What every refusal of a token or of its rights begins its challenge with (RFC 6750 section 3). */
export const challenge = 'Bearer realm="seatledger"';

/** The body of a problem. `type` is a reference relative to the server, so that it holds behind any proxy (RFC 9457 section 3.1.1). */
export function problemBody(
  code: ProblemCode,
  requestId: string,
  { detail = problems[code].title, errors = [], errorCount = errors.length, numbers }: ProblemDetails = {},
): object {
  const { status, title } = problems[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail,
    code,
    message: detail,
    requestId,
    ...(errors.length > 0 ? { errors } : {}),
    ...(errorCount > errors.length ? { errorCount } : {}),
    ...(numbers === undefined ? {} : { numbers }),
  };
}

/** What is a state of the server, and not of one request: it is logged when it begins and when it is over. */
function isFault(code: ProblemCode): boolean {
  return problems[code].status > 500 && code !== 'server_stopping';
}

export function sendProblem(reply: FastifyReply, code: ProblemCode, details?: ProblemDetails): FastifyReply {
  const { status } = problems[code];
  const { request } = reply;
  request.problemCode = code;
  if (isFault(code)) request.server.faults.note(code, { err: details?.cause, requestId: request.id });
  if (status === 503) void reply.header('retry-after', String(retryAfterSeconds));
  if (status === 401 && !reply.hasHeader('www-authenticate'))
    void reply.header('www-authenticate', `${challenge}, error="invalid_token"`);
  if (status === 403 && !reply.hasHeader('www-authenticate')) {
    void reply.header('www-authenticate', `${challenge}, error="insufficient_scope"`);
  }
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(code, reply.request.id, details)));
}

/** Answers whatever was thrown on the way of a request. What is not a known failure is logged and told as one sentence alone. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ProblemError) {
    const { code, message, errors, errorCount, numbers, cause } = error;
    if (cause !== undefined && !isFault(code))
      request.log.error({ err: cause, requestId: request.id }, message);
    return sendProblem(reply, code, { detail: message, errors, errorCount, numbers, cause });
  }
  const code = codeOfFramework(error);
  if (code !== undefined) return sendProblem(reply, code, detailsOfFramework(error, code));
  if (isHangUp(error, request)) return sendProblem(reply, 'request_malformed');
  request.log.error({ err: error, requestId: request.id }, 'a request failed');
  return sendProblem(reply, 'internal_error');
}

/**
 * Whether the caller is gone, with its request half sent or before its answer was made: nobody reads the answer, and nothing failed here.
 */
function isHangUp(error: unknown, { raw }: FastifyRequest): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError') return raw.destroyed;
  return !raw.complete && 'code' in error && codesOfHangUp.has(error.code);
}

const codesOfHangUp: ReadonlySet<unknown> = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE']);

/** The framework's own refusals. Source: "Errors" of the Fastify reference, version 5.12. */
const codesOfFramework: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_BAD_URL: 'request_malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'content_type_unsupported',
  FST_ERR_CTP_INVALID_JSON_BODY: 'body_invalid',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'body_invalid',
};

function codeOfFramework(error: unknown): ProblemCode | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return codesOfFramework[error.code];
}

function detailsOfFramework(error: unknown, code: ProblemCode): ProblemDetails {
  // Only this one says more than the registry does, and nothing that the caller did not send.
  return code === 'body_invalid' && error instanceof Error
    ? { detail: 'The request body is not JSON, or it is empty.' }
    : {};
}
