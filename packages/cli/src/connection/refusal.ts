/** What the server answered in place of the thing asked for, as a failure of the command. */

import { type FieldProblem, problems, type TokenError } from '@seatledger/contract';
import { type ExitCode, exitCodeOfStatus, exitCodes } from '../exitCode.ts';
import { Failure, localFailure } from '../failure.ts';
import { hasMembers } from './answerShape.ts';
import type { HttpAnswer } from './httpTransport.ts';

/** Of an operation of the API, which fails with a problem (RFC 9457). */
export function operationRefusal(answer: HttpAnswer, url: URL): Failure {
  const problem = parsedJson(answer.body);
  if (!hasMembers(problem, { code: 'string', detail: 'string' })) return unreadableAnswer(answer, url);
  return new Failure(problem.detail, {
    code: problem.code,
    exitCode: exitCodeOfStatus(answer.status),
    remedy: remedyOf(problem.code),
    errors: Array.isArray(problem.errors) ? problem.errors.filter(isFieldProblem) : undefined,
    errorCount: typeof problem.errorCount === 'number' ? problem.errorCount : undefined,
    numbers: hasMembers(problem.numbers, {}) ? numbersOf(problem.numbers) : undefined,
    requestId: requestIdOf(answer),
    retryAfterSeconds: retryAfterSecondsOf(answer),
  });
}

/** Of the token endpoint, which fails as RFC 6749 section 5.2 has it. */
export function tokenRefusal(answer: HttpAnswer, url: URL): Failure {
  const body = parsedJson(answer.body);
  if (hasMembers(body, { error: 'string', error_description: 'string' }) && isTokenError(body.error)) {
    return new Failure(body.error_description, {
      ...tokenRefusals[body.error],
      code: body.error,
      requestId: requestIdOf(answer),
      retryAfterSeconds: retryAfterSecondsOf(answer),
    });
  }
  // Where there is no token endpoint there is no seatledger, which is not the 404 of a thing that was asked for.
  return answer.status === 404 ? unreadableAnswer(answer, url) : operationRefusal(answer, url);
}

const tokenRefusals: Readonly<Record<TokenError, { readonly exitCode: ExitCode; readonly remedy: string }>> =
  {
    invalid_client: {
      exitCode: exitCodes.notAllowed,
      remedy:
        'Check the application id and its secret; the secret may have expired, or the app may be disabled or deleted.',
    },
    invalid_grant: { exitCode: exitCodes.notAllowed, remedy: 'Use the app registration that got the token.' },
    invalid_scope: {
      exitCode: exitCodes.notAllowed,
      remedy: 'Use an app registration that holds the permission.',
    },
    invalid_request: {
      exitCode: exitCodes.failed,
      remedy: 'Check that this command is of the same version as the server.',
    },
    unsupported_grant_type: {
      exitCode: exitCodes.failed,
      remedy: 'Check that --server names a seatledger server.',
    },
    temporarily_unavailable: {
      exitCode: exitCodes.failed,
      remedy: 'Check the application id and its secret, and try again after a minute.',
    },
  };

function isTokenError(text: string): text is TokenError {
  return Object.hasOwn(tokenRefusals, text);
}

/** Of whatever answers without speaking the contract: a proxy, a login page, another service. */
export function unreadableAnswer(
  { status, headers: { location } }: Omit<HttpAnswer, 'body'>,
  { origin, pathname }: URL,
): Failure {
  const leads =
    location === undefined ? 'in a form that is not of a seatledger server' : `and leads to ${location}`;
  return localFailure('answer_unreadable', `${origin}${pathname} answers ${status} ${leads}.`);
}

/** Undefined where the text is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined for a code of a newer server, whose sentence has to do then. */
function remedyOf(code: string): string | undefined {
  return Object.entries(problems).find(([known]) => known === code)?.[1].remedy;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return hasMembers(value, { field: 'string', code: 'string', message: 'string' });
}

function numbersOf(numbers: object): Readonly<Record<string, number | string>> {
  return Object.fromEntries(
    Object.entries(numbers).filter(([, value]) => typeof value === 'number' || typeof value === 'string'),
  );
}

function requestIdOf({ headers: { 'request-id': requestId } }: HttpAnswer): string | undefined {
  return typeof requestId === 'string' ? requestId : undefined;
}

function retryAfterSecondsOf({ headers }: HttpAnswer): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}
