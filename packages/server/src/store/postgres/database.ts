/** The database behind any number of server processes: everything that a process needs is in it. */

import type { KeyStore } from '../../identity/ports.ts';
import type { Connection } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { probeStore, type SessionFigures, type StoreProbe } from '../probe.ts';
import { openTemporaryStaging, type Staging } from '../staging.ts';
import { statement } from '../statement.ts';
import { type Reads, readsOn, type Stores, storesOn } from '../stores.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { postgresCapabilities } from './capabilities.ts';
import { unreachable } from './failures.ts';
import { keyRows } from './keyRows.ts';
import { openSessions, type Sessions } from './sessions.ts';

export interface OpenDatabase {
  readonly reads: Reads;
  readonly probe: () => Promise<StoreProbe>;
  readonly sessionFigures: () => readonly SessionFigures[];
  readonly keys: KeyStore;
  readonly staging: Staging;
  /** Makes a change in a transaction of its own, more than once where others cross it, and answers when it is durable. */
  transact<Result>(
    work: (stores: Stores) => Promise<{ keep: boolean; result: Result }>,
    options?: { isShort?: boolean },
  ): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** As `SEATLEDGER_KEY` has it; only whoever loads keys needs it. */
  readonly encryptionKey: string | undefined;
  /** Where imports on their way are kept. */
  readonly temporaryFolder: string;
  readonly newId: () => string;
  readonly random: () => number;
  readonly now: number;
}

/** Opens the database and brings it to the schema of this version. Throws `StoreUnavailableError`; then nothing is left open. */
export async function openDatabase(
  url: string,
  { encryptionKey, temporaryFolder, newId, random, now }: DatabaseOptions,
): Promise<OpenDatabase> {
  const staging = openTemporaryStaging(temporaryFolder, newId);
  const sessions = openSessions(url, random);
  async function close() {
    await sessions.close();
    staging.remove();
  }
  try {
    await alone(sessions, (connection) => migrate(connection, postgresCapabilities, now));
  } catch (error) {
    await close();
    throw error instanceof StoreUnavailableError ? error : unreachable(error);
  }
  return {
    reads: readsOn(sessions.answers),
    probe: () => probeStore(sessions.probes),
    sessionFigures: () => sessions.figures(),
    keys: keyRows(sessions.answers, { encryptionKey, alone: (work) => alone(sessions, work) }),
    staging,
    transact: (work, options) => sessions.transact((connection) => work(storesOn(connection)), options),
    close,
  };
}

/** Names the lock of `alone`; any number that nobody else in the database uses. */
const setUpLock = 5_371_980_211;

const lockForSetUp = statement<{ name: number }, unknown>((db, { name }) =>
  db.selectNoFrom((the) => the.fn('pg_advisory_xact_lock', [name]).as('locked')),
);

/** Runs the work in a transaction that no other process can be in at the same time. */
export function alone(sessions: Sessions, work: (connection: Connection) => Promise<void>): Promise<void> {
  return sessions.transact(async (connection) => {
    await connection.run(lockForSetUp, { name: setUpLock });
    await work(connection);
    return { keep: true, result: undefined };
  });
}
