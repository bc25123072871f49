/** The data folder: the database, the signing keys, imports on their way, and the lock that makes them one process's own. */

import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { KeyStore } from '../../identity/ports.ts';
import { migrate } from '../migrate.ts';
import { probeStore, type StoreProbe } from '../probe.ts';
import { openStaging, type Staging } from '../staging.ts';
import { type Reads, readsOn } from '../stores.ts';
import { StoreUnavailableError } from '../unavailable.ts';
import { sqliteCapabilities } from './capabilities.ts';
import { openDatabase, sqliteConnection } from './connection.ts';
import { lockFolder } from './folderLock.ts';
import { keyFolder } from './keyFolder.ts';
import { isOutOfRoom } from './outOfRoom.ts';
import { createWriter, type Writer } from './writer.ts';

export const databaseName = 'seatledger.db';
/** What a restore writes, until it is whole. */
export const restoringName = 'seatledger.restoring';
const keysName = 'keys';

export interface OpenFolder<Order> {
  readonly reads: Reads;
  readonly probe: () => Promise<StoreProbe>;
  readonly writer: Writer<Order>;
  readonly keys: KeyStore;
  readonly staging: Staging;
  close(): Promise<void>;
}

/** Throws `StoreUnavailableError`; then nothing is left open. */
export async function openFolder<Order>(
  folder: string,
  options: {
    /** The entry of the thread that makes the changes. */
    writerEntry: URL;
    onWriterDeath: (error: Error) => void;
    newId: () => string;
    now: number;
    /** Whether an empty store is made where there is none. */
    create: boolean;
    /** What the thread is handed beside the database. */
    workerData: object;
  },
): Promise<OpenFolder<Order>> {
  const databasePath = join(folder, databaseName);
  if (!options.create) requireStore(folder);
  using opened = new DisposableStack();
  const lock = opened.adopt(ownFolder(folder), (the) => the.release());
  refuseUnfinishedRestore(folder);
  const first = opened.adopt(await openMigrated(databasePath, options.now), (the) => the.close());
  const reading = opened.adopt(openDatabase(databasePath, { readOnly: true }), (the) => the.close());
  const connection = sqliteConnection(reading);
  const writer = createWriter<Order>(options.writerEntry, {
    workerData: { ...options.workerData, databasePath },
    onDeath: options.onWriterDeath,
  });
  const staging = openStaging(join(folder, 'staging'), options.newId);
  opened.move();
  return {
    reads: readsOn(connection),
    probe: () => probeStore(connection),
    writer,
    keys: keyFolder(join(folder, keysName)),
    staging,
    async close() {
      // The last to close brings the log into the database file, and a connection that only reads cannot. That is the writer, or
      // where there was nothing to write, the one that the store was opened with.
      reading.close();
      first.close();
      await writer.close();
      lock.release();
    },
  };
}

/**
 * Opens the database for writing and brings it to the schema of this version. Here and not in the thread that writes, which is started
 * later: what is wrong with a store is told before anybody is answered from it.
 *
 * Throws `StoreUnavailableError`.
 */
async function openMigrated(path: string, now: number): Promise<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(path, { readOnly: false });
    database.exec('begin immediate');
    await migrate(sqliteConnection(database), sqliteCapabilities, now);
    database.exec('commit');
    return database;
  } catch (error) {
    database?.close();
    const cause = error instanceof StoreUnavailableError ? error.cause : error;
    if (!isOutOfRoom(cause)) throw error;
    throw new StoreUnavailableError(
      'storage_full',
      'The store cannot be opened: there is no room on the disk of the data folder. Make room and start again; nothing was changed.',
      { cause },
    );
  }
}

/**
 * The signing keys of the folder, also of one that a server is running on: it looks for new ones. Throws `StoreUnavailableError`
 * where there is no store.
 */
export function keysOfFolder(folder: string): KeyStore {
  requireStore(folder);
  return keyFolder(join(folder, keysName));
}

function requireStore(folder: string): void {
  if (existsSync(join(folder, databaseName))) return;
  throw new StoreUnavailableError(
    'data_folder_missing',
    `There is no store in ${folder}. Check the name of the data folder.`,
  );
}

/** What was to be put back is not here: an empty store in its place would be taken for it. */
function refuseUnfinishedRestore(folder: string): void {
  if (!existsSync(join(folder, restoringName))) return;
  throw new StoreUnavailableError(
    'restore_unfinished',
    `A restore into ${folder} was broken off. Restore into it again, or remove ${restoringName} from it.`,
  );
}

/** Makes the folder where it is missing, and locks it. Throws `StoreUnavailableError`. */
export function ownFolder(folder: string): { release(): void } {
  try {
    // What the process makes is its user's alone, the files of the database too.
    process.umask(0o077);
    makeFolder(folder);
    // The folder may have been made by somebody else, with a wider mode: it holds keys.
    chmodSync(folder, 0o700);
    return lockFolder(folder);
  } catch (error) {
    if (error instanceof StoreUnavailableError || !(error instanceof Error)) throw error;
    const message = `The data folder ${folder} cannot be used: ${error.message}. Check that it is a folder that this user may write.`;
    throw new StoreUnavailableError('data_folder_unusable', message, { cause: error });
  }
}

/** One level at a time: where a parent can hold no folder, the system's own recursion may never end (it does not in /proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}
