/**
 * What the database's failures mean.
 *
 * Source: the error codes of https://www.postgresql.org/docs/18/errcodes-appendix.html. The texts of the driver and of the server are
 * not passed on where a database is opened: where a URL is mistyped, they may name a part of its password.
 */

import { ProblemError } from '@seatledger/contract';
import { StoreUnavailableError } from '../unavailable.ts';

/** Serialization failure, deadlock, and a row that somebody else inserted at the same time. */
const crossed: readonly unknown[] = ['40001', '40P01', '23505'];

/** The server ends the session, or the connection to it is gone. */
const lost: readonly unknown[] = [
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  'ECONNRESET',
  'EPIPE',
];

/** Whether the session was lost, so that what it did not commit may succeed on another. */
export function isLost(error: unknown): boolean {
  // The driver says this of a session that had failed before.
  return (
    lost.includes(codeOf(error)) ||
    /not queryable|Connection terminated/.test(String(memberOf(error, 'message')))
  );
}

/** Nothing is there, it takes nobody in, or not this user any more, it writes nothing, or it took too long. */
const away: readonly unknown[] = [
  '25006',
  '28000',
  '28P01',
  '3D000',
  '53300',
  '55000',
  '57014',
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'ETIMEDOUT',
];

/** Whether the database cannot be used at the moment, so that the same may succeed later. */
function isAway(error: unknown): boolean {
  // The driver says this where it waited too long, for a session or for an answer.
  return (
    isLost(error) ||
    away.includes(codeOf(error)) ||
    /^(timeout exceeded when trying to connect|Query read timeout)/.test(String(memberOf(error, 'message')))
  );
}

/** What is thrown to whoever asked: that the database is away where it is, else the failure itself. */
export function awayOr(error: unknown): unknown {
  return isAway(error) ? new ProblemError('store_unreachable', { cause: error }) : error;
}

const stalePlan = '0A000';

/** Whether others crossed a change, so that it may succeed when it is begun anew. */
export function isCrossed(error: unknown): boolean {
  return crossed.includes(codeOf(error)) || isStalePlan(error);
}

/** Whether a statement was parsed before a table of it was altered. */
export function isStalePlan(error: unknown): boolean {
  // The code stands for anything that is not supported; this is the one function that finds a plan stale.
  return codeOf(error) === stalePlan && memberOf(error, 'routine') === 'RevalidateCachedQuery';
}

/** Whether the disk of the database is full. */
export function isOutOfRoom(error: unknown): boolean {
  return codeOf(error) === '53100';
}

const refusals: Readonly<Record<string, string>> = {
  '28000': 'the server does not let this user in from here',
  '28P01': 'the server does not know this user with this password',
  '3D000': 'the server has no database of this name',
  '42501': 'this user may not make tables there',
  '53300': 'the server has no session left',
  '57P03': 'the server is starting or stopping',
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name of the host cannot be looked up',
};

/** What the person who starts the program has to mend. */
export function unreachable(error: unknown): StoreUnavailableError {
  const cause = error instanceof ProblemError ? error.cause : error;
  const code = codeOf(cause);
  const reason =
    typeof code === 'string' ? (refusals[code] ?? `it fails with ${code}`) : 'it did not answer in time';
  return new StoreUnavailableError(
    'database_unreachable',
    `The database cannot be used: ${reason}. Check its URL, that the server runs, and that it lets this user make tables.`,
    { cause },
  );
}

function codeOf(error: unknown): unknown {
  return memberOf(error, 'code');
}

function memberOf(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}
