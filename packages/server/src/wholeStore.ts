/** A store as a whole, wherever it is. */

import type { StorePlace } from './config.ts';
import { systemClock } from './openLedger.ts';
import type { Connection } from './store/connection.ts';
import { restoreFolder } from './store/sqlite/restoreFolder.ts';
import { fillFolder, readWholeFolder } from './store/sqlite/wholeStore.ts';

export { withScratchStore } from './store/sqlite/wholeStore.ts';

/** Lends the store as it is at this moment; servers may go on with it. Throws `StoreUnavailableError`. */
export async function readWhole<Result>(
  place: StorePlace,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (place.kind === 'folder') return readWholeFolder(place.path, work);
  const { readWholeDatabase } = await import('./store/postgres/wholeStore.ts');
  return readWholeDatabase(place.url, work);
}

/** Lends an empty store, made where it is missing, and keeps what the work does, or nothing. Throws `StoreUnavailableError`. */
export async function fillWhole(
  place: StorePlace,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const now = systemClock.now();
  if (place.kind === 'folder') return fillFolder(place.path, now, work);
  const { fillDatabase } = await import('./store/postgres/wholeStore.ts');
  return fillDatabase(place.url, now, work);
}

/** The same of a store that is put back: a folder has to be empty, and nothing takes what is not whole for a store. */
export async function restoreWhole(
  place: StorePlace,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  return place.kind === 'folder'
    ? restoreFolder(place.path, systemClock.now(), work)
    : fillWhole(place, work);
}
