/** The sessions that a process has with the database, and the transactions of changes on them. */

import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from '@seatledger/contract';
import pg, { type Pool, type PoolClient, type PoolConfig, type QueryConfig } from 'pg';
import type { Connection } from '../connection.ts';
import { postgresConnection, resultTypes, type Session } from './connection.ts';
import type { SessionFigures } from '../probe.ts';
import { awayOr, isCrossed, isLost, isOutOfRoom } from './failures.ts';
import { changeSessionsMax } from './lanes.ts';

/** How many sessions a process opens at the most for answers; it has others for changes, so that neither waits for the other. */
const answerSessionsMax = 10;
/** How often a change is begun that others cross. */
const triesMax = 5;
/** How long it waits at the most before it is begun anew, in milliseconds: two that crossed must not do so again. */
const pauseMaxMs = 50;

/** So that nothing hangs for ever: neither on a lock nor on a server that has gone. */
const answerBounds = { sessionsMax: answerSessionsMax, sessionMs: 5000, statementMs: 10_000 };
/** A change may wait for an import of the same partner. */
const changeBounds = { sessionsMax: changeSessionsMax, sessionMs: 30_000, statementMs: 180_000 };
/** How much longer than the server's own bound a statement is waited for; and how long one that waits for nothing is. */
const networkMs = 5000;
/** How long a probe may take. */
const probeMs = 900;
/** How long a transaction may do nothing; its locks hold others up. */
const idleInTransactionMs = 60_000;
/** How long changes that are underway may take once the sessions are closed. */
const closeMs = 1000;

export interface Sessions {
  /** For answers; each statement goes to a session that is free. */
  readonly answers: Connection;
  /** Likewise, for what is to be known soon or not at all: a session that does not answer in time is given up. */
  readonly probes: Connection;
  figures(): readonly SessionFigures[];
  /**
   * Runs the work in a transaction, begun anew where others crossed it, and commits what it says is to be kept. What is short takes a
   * session of the answers: it waits for no change that is underway.
   */
  transact<Result>(
    work: (connection: Connection) => Promise<{ keep: boolean; result: Result }>,
    options?: { isShort?: boolean },
  ): Promise<Result>;
  /** Ends what is underway. What takes too long is not made: it was not acknowledged, and the database rolls it back. */
  close(): Promise<void>;
}

/** A transaction ended with its session before it was to be committed, so nothing of it was kept. */
class SessionLostError extends Error {
  override readonly name = 'SessionLostError';
  constructor(options: ErrorOptions) {
    super('the session of a change was lost', options);
  }
}

/** Opens none before it is needed. `random` gives numbers from 0 to 1. */
export function openSessions(url: string, random: () => number): Sessions {
  const sockets = new Set<Socket>();
  const answers = openPool(url, answerBounds, sockets);
  const changes = openPool(url, changeBounds, sockets);
  let isClosing = false;
  const waiting = new Set<(error: Error) => void>();

  /** A session, unless they are closed before one is free: a pool that ends leaves those alone who wait for one. */
  function sessionOf(pool: Pool): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      pool.connect((error, session) => {
        const isWaiting = waiting.delete(reject);
        if (session === undefined) reject(error ?? new Error('no session'));
        else if (isWaiting) resolve(session);
        else session.release();
      });
    });
  }

  async function transactOnce<Result>(
    pool: Pool,
    work: (connection: Connection) => Promise<{ keep: boolean; result: Result }>,
  ): Promise<Result> {
    const session = await sessionOf(pool);
    let isCommitting = false;
    let broken = false;
    try {
      // Whether it may write is for the database to say: some make themselves read-only where their disk is nearly full.
      await session.query({
        text: 'begin isolation level read committed',
        query_timeout: networkMs,
      } as QueryConfig);
      const { keep, result } = await work(postgresConnection(session, { inTransaction: true }));
      isCommitting = keep;
      if (keep) await commit(session);
      else await session.query('rollback');
      return result;
    } catch (error) {
      broken = !(await canRollBack(session));
      // Whether a commit that got no answer was made is not known: it is not begun anew.
      throw isLost(error) && !isCommitting ? new SessionLostError({ cause: error }) : error;
    } finally {
      session.release(broken);
    }
  }

  return {
    answers: postgresConnection(answers, { inTransaction: false }),
    probes: postgresConnection(
      { query: (config: QueryConfig) => answers.query(boundedProbe(config)) } as Session,
      { inTransaction: false },
    ),
    figures: () => [figuresOf('answers', answers), figuresOf('changes', changes)],
    async transact(work, { isShort = false } = {}) {
      for (let tries = 1; ; tries++) {
        if (isClosing) throw new ProblemError('server_stopping');
        try {
          return await transactOnce(isShort ? answers : changes, work);
        } catch (error) {
          if (isClosing && !(error instanceof ProblemError)) throw new ProblemError('server_stopping');
          if (isOutOfRoom(error)) throw new ProblemError('storage_full');
          const isOver = tries === triesMax || !(isCrossed(error) || error instanceof SessionLostError);
          if (isOver) throw awayOr(error instanceof SessionLostError ? error.cause : error);
          await pause(random() * pauseMaxMs);
        }
      }
    },
    async close() {
      isClosing = true;
      for (const refuse of waiting) refuse(new ProblemError('server_stopping'));
      waiting.clear();
      const late = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, closeMs);
      await Promise.all([answers.end(), changes.end()]);
      clearTimeout(late);
    },
  };
}

function openPool(
  url: string,
  { sessionsMax, sessionMs, statementMs }: typeof answerBounds,
  sockets: Set<Socket>,
): Pool {
  const config: PoolConfig = {
    connectionString: url,
    application_name: 'seatledger',
    types: resultTypes,
    pipeline: true,
    max: sessionsMax,
    keepAlive: true,
    stream() {
      const socket = new Socket();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
    connectionTimeoutMillis: sessionMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + networkMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  };
  const pool = new pg.Pool(config);
  // A session that breaks while nobody uses it is replaced at the next use.
  pool.on('error', () => undefined);
  // One that breaks between two statements, or before its work begins, says so; unheard, it would end the process. The next statement fails.
  pool.on('connect', (session) => session.on('error', () => undefined));
  return pool;
}

/** The driver knows a bound for each query, of which its types do not tell. */
function boundedProbe(config: QueryConfig): QueryConfig {
  const bound = { query_timeout: probeMs };
  return { ...config, ...bound };
}

function figuresOf(purpose: SessionFigures['purpose'], pool: Pool): SessionFigures {
  const { totalCount, idleCount: idle, waitingCount: waiting } = pool;
  return { purpose, max: pool.options.max, inUse: totalCount - idle, idle, waiting };
}

/** A transaction that a failed statement has ended is rolled back by `commit`, which does not fail. */
async function commit(session: PoolClient): Promise<void> {
  const { command } = await session.query('commit');
  if (command !== 'COMMIT')
    throw new Error('the transaction was committed after one of its statements had failed');
}

/** A session that cannot is not given to anybody else. */
function canRollBack(session: PoolClient): Promise<boolean> {
  return session.query('rollback').then(
    () => true,
    () => false,
  );
}
