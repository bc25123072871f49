/** Opens the store with what changes it: the thread that writes a data folder, or transactions on a database. */

import { randomUUID } from 'node:crypto';
import {
  apart,
  applyChange,
  type ChangeKind,
  type ChangeOrder,
  type Changes,
  type MakeChange,
} from './changes.ts';
import type { StorePlace } from './config.ts';
import { commitSizesIn, commitSizesMemory } from './commitSizes.ts';
import type { KeyStore } from './identity/ports.ts';
import type { Histogram } from './metrics/index.ts';
import { changeSessionsMax, openLanes } from './store/postgres/lanes.ts';
import type { InspectedStore } from './store/inspect.ts';
import { keysOfFolder, openFolder } from './store/sqlite/folder.ts';
import { inspectFolder } from './store/sqlite/inspectFolder.ts';
import type { SessionFigures, StoreProbe } from './store/probe.ts';
import { readStagedRows, type Staging } from './store/staging.ts';
import type { Reads } from './store/stores.ts';
import { clockOf, type SentOrder, threadClockMs } from './threads/sentOrder.ts';

export { folderHolder } from './store/sqlite/folderLock.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: Date.now };

export interface OpenLedger {
  readonly reads: Reads;
  readonly keys: KeyStore;
  readonly staging: Staging;
  readonly make: MakeChange;
  /** Has what makes changes ready ahead of the first of them, without a wait for it. */
  readonly prepareToMake: () => void;
  /** Whether the store answers, and how far it is. Throws what any read throws, soon. */
  readonly probe: () => Promise<StoreProbe>;
  readonly figures: LedgerFigures;
  close(): Promise<void>;
}

/** What can be read of it at any moment, at no cost. */
export interface LedgerFigures {
  /** How many changes were asked for and are not made yet. */
  changesWaiting(): number;
  readonly commitSizes: Histogram;
  /** None of a data folder. */
  sessions(): readonly SessionFigures[];
}

interface Opening {
  readonly clock: Clock;
  /** Whether an empty store is made in a folder that has none. */
  readonly create: boolean;
  /** Told when the store can no longer be written. */
  readonly onWriterDeath: (error: Error) => void;
}

/** Throws `StoreUnavailableError`. */
export function openLedger(place: StorePlace, opening: Opening): Promise<OpenLedger> {
  return place.kind === 'folder' ? openInFolder(place.path, opening) : openInDatabase(place, opening);
}

/** Opens the signing keys alone, beside the servers that use them. Throws `StoreUnavailableError`. */
export async function openKeys(
  place: StorePlace,
  clock: Clock,
): Promise<{ keys: KeyStore; close: () => Promise<void> }> {
  if (place.kind === 'folder') return { keys: keysOfFolder(place.path), close: async () => undefined };
  const opening = { clock, create: false, onWriterDeath: () => undefined };
  return openInDatabase(place, opening);
}

/** Lends the store as it lies there; servers may go on with it, and nothing is changed. Throws `StoreUnavailableError`. */
export async function inspectStore<Result>(
  place: StorePlace,
  clock: Clock,
  work: (store: InspectedStore) => Promise<Result>,
): Promise<Result> {
  if (place.kind === 'folder') return inspectFolder(place.path, work);
  const { inspectDatabase } = await import('./store/postgres/inspectDatabase.ts');
  return inspectDatabase(place, clock, work);
}

async function openInFolder(path: string, { clock, create, onWriterDeath }: Opening): Promise<OpenLedger> {
  const commits = commitSizesMemory();
  const { writer, ...folder } = await openFolder<SentOrder>(path, {
    writerEntry: new URL('./threads/writer.ts', import.meta.url),
    onWriterDeath,
    newId: randomUUID,
    now: clock.now(),
    create,
    workerData: { commits },
  });
  return {
    ...folder,
    figures: {
      changesWaiting: () => writer.waiting(),
      commitSizes: commitSizesIn(commits),
      sessions: () => [],
    },
    prepareToMake: () => writer.start(),
    make: async <Kind extends ChangeKind>(order: ChangeOrder<Kind>) => {
      const result = await writer.make({ order, sentAtMs: threadClockMs() });
      return result as Changes[Kind]['result'];
    },
  };
}

async function openInDatabase(
  { url, encryptionKey, temporaryFolder }: Extract<StorePlace, { kind: 'database' }>,
  { clock }: Opening,
): Promise<OpenLedger> {
  // Its driver is loaded where it is needed alone: a data folder is opened the sooner.
  const { openDatabase } = await import('./store/postgres/database.ts');
  const database = await openDatabase(url, {
    encryptionKey,
    temporaryFolder,
    newId: randomUUID,
    random: Math.random,
    now: clock.now(),
  });
  const inLane = openLanes(changeSessionsMax / 2);
  const commitSizes = commitSizesIn(commitSizesMemory());
  let changesWaiting = 0;
  return {
    ...database,
    figures: { changesWaiting: () => changesWaiting, commitSizes, sessions: database.sessionFigures },
    prepareToMake: () => undefined,
    async make(order) {
      const now = clockOf({ order, sentAtMs: threadClockMs() });
      const isShort = apart.has(order.kind);
      const transact = () =>
        database.transact(
          (stores) => applyChange(stores, order, { now, newId: randomUUID, readRows: readStagedRows }),
          { isShort },
        );
      changesWaiting++;
      try {
        const result = await (isShort ? transact() : inLane(order.partnerId, transact));
        commitSizes.observe(1);
        return result;
      } finally {
        changesWaiting--;
      }
    },
  };
}
