/** The store of a database as a whole: read at one moment, or filled while it is empty. */

import { sql } from 'kysely';
import pg from 'pg';
import type { Connection } from '../connection.ts';
import { migrate, requireSchema } from '../migrate.ts';
import { statement } from '../statement.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { postgresCapabilities } from './capabilities.ts';
import { postgresConnection, resultTypes } from './connection.ts';
import { alone } from './database.ts';
import { awayOr, unreachable } from './failures.ts';
import { openSessions } from './sessions.ts';

/** Lends the store as it is at this moment, also while servers run on it. Throws `StoreUnavailableError`. */
export function readWholeDatabase<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  return withReadingSession(url, async (connection) => {
    await requireSchema(connection);
    return work(connection);
  });
}

/** How long one statement may take, in milliseconds. Whole stores are read in many short ones; a database that says nothing is given up. */
const answerMs = 60_000;

/** Lends a session that sees the database as it is at this moment, and changes nothing. Throws `StoreUnavailableError`. */
export async function withReadingSession<Result>(
  url: string,
  work: (connection: Connection, session: pg.Client) => Promise<Result>,
): Promise<Result> {
  const session = new pg.Client({
    connectionString: url,
    application_name: 'seatledger',
    types: resultTypes,
    pipeline: true,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    query_timeout: answerMs,
  });
  // Unheard, a session that breaks between two statements would end the process. The next statement fails.
  session.on('error', () => undefined);
  try {
    await session.connect();
  } catch (error) {
    throw unreachable(error);
  }
  try {
    await session.query('begin isolation level repeatable read read only');
    return await work(postgresConnection(session, { inTransaction: true }), session);
  } catch (error) {
    throw awayOr(error) === error ? error : unreachable(error);
  } finally {
    await session.end();
  }
}

const analyze = statement<object, unknown>((db) => ({ compile: () => sql`analyze`.compile(db) }));

/** Lends the empty store of the database, and keeps what the work does, or nothing. Throws `StoreUnavailableError`. */
export async function fillDatabase(
  url: string,
  now: number,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  // It runs once and crosses nobody.
  const sessions = openSessions(url, () => 0);
  try {
    await alone(sessions, (connection) => migrate(connection, postgresCapabilities, now)).catch(
      (error: unknown) => {
        throw error instanceof StoreUnavailableError ? error : unreachable(error);
      },
    );
    await alone(sessions, work);
    // Else the first plans are made for empty tables.
    await sessions.answers.run(analyze, {});
  } finally {
    await sessions.close();
  }
}
