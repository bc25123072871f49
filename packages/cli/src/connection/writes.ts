/** Writes of the management API: each with a key of its own, so that it is done once, and each change with the version that it is of. */

import { randomUUID } from 'node:crypto';
import type { Permission } from '@seatledger/contract';
import { Failure } from '../failure.ts';
import type { Connection, GuardedOperation, Reads } from './connection.ts';

/** What whoever writes says beside what is written. */
export interface WriteFacts {
  readonly reason?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface ChangeFacts extends WriteFacts {
  /** The `changedSequence` of the version that is to be changed, an entity tag, or `*` for any; the version that is there where it is left out. */
  readonly ifMatch?: string | undefined;
}

/** A body as a command has it: what is undefined is not sent. */
export type Sent<Body> = { readonly [Name in keyof Body]: Body[Name] | undefined };

interface Write<Answer> {
  readonly operation: GuardedOperation;
  /** Made with `operationPath` where the operation's path is a template. */
  readonly path?: string;
  readonly body?: object;
  readonly permissions?: readonly Permission[];
  readonly reads: Reads<Answer>;
}

export function sendWrite<Answer>(
  connection: Connection,
  write: Write<Answer>,
  facts: WriteFacts,
): Promise<Answer> {
  return sendOnce(connection, write, facts, {});
}

/** What is to be changed: as it was read, or where it is read to learn its version. */
type Changed =
  | { readonly changedSequence: number }
  | { readonly operation: GuardedOperation; readonly path: string };

export async function sendChange<Answer>(
  connection: Connection,
  { of, ...write }: Write<Answer> & { readonly of: Changed },
  { ifMatch, ...facts }: ChangeFacts,
): Promise<Answer> {
  const version = ifMatch === undefined ? await currentVersion(connection, of) : versionOf(ifMatch);
  try {
    return await sendOnce(connection, write, facts, { 'if-match': version });
  } catch (error) {
    throw error instanceof Failure && error.facts.code === 'version_changed'
      ? versionChanged(error, ifMatch)
      : error;
  }
}

async function currentVersion(connection: Connection, of: Changed): Promise<string> {
  return 'changedSequence' in of
    ? versionOf(String(of.changedSequence))
    : connection.version(of.operation, { path: of.path });
}

/** As HTTP has it, and a bare number as the entity tag that holds it, which needs no quotes of the shell. */
function versionOf(text: string): string {
  return /^\d+$/.test(text) ? `"${text}"` : text;
}

function versionChanged({ facts }: Failure, ifMatch: string | undefined): Failure {
  return ifMatch === undefined
    ? new Failure('Somebody else changed it at the same moment, so nothing was done.', {
        ...facts,
        remedy: 'Look at what it is now, and run the command again if it is still wanted.',
      })
    : new Failure(`It is not in the version that --if-match names, so nothing was done.`, {
        ...facts,
        remedy: 'Look at what it is now: the show command tells its version, for --if-match.',
      });
}

async function sendOnce<Answer>(
  connection: Connection,
  { operation, path, body, permissions, reads }: Write<Answer>,
  { reason, idempotencyKey = randomUUID() }: WriteFacts,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  try {
    return await connection.call(
      operation,
      {
        ...(path === undefined ? {} : { path }),
        ...(permissions === undefined ? {} : { permissions }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...reasonHeader(reason),
          'idempotency-key': idempotencyKey,
        },
      },
      reads,
    );
  } catch (error) {
    throw error instanceof Failure && isUnanswered(error)
      ? new Failure(error.message, {
          ...error.facts,
          remedy: `Whether it was done is not known. Run the command again with --idempotency-key ${idempotencyKey}: it is not done twice.`,
        })
      : error;
  }
}

/** Whether it may have been done without a word about it. */
export function isUnanswered({ facts: { code } }: Failure): boolean {
  return code === 'connection_broken' || code === 'answer_late';
}

export function reasonHeader(reason: string | undefined): Readonly<Record<string, string>> {
  return reason === undefined ? {} : { 'change-reason': encodeURIComponent(reason) };
}
