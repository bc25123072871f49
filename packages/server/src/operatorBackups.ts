/** Backups as the person who runs the server makes, checks and restores them: of every partner, and without a server. */

import type { BackupHeader } from '@seatledger/contract';
import { type ServeFlags, storePlaceOf } from './config.ts';
import { systemClock } from './openLedger.ts';
import type { Progress, ReadBackup } from './readBackup.ts';

export type { Progress } from './readBackup.ts';

type NamedPlace = Pick<ServeFlags, 'data' | 'databaseUrl'>;

/** Writes out the store, which servers may go on with. Throws `ConfigurationError` and `StoreUnavailableError`. */
export async function backUpStore(
  place: NamedPlace,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<BackupHeader> {
  const [{ readWhole }, { writeBackup }] = await Promise.all([
    import('./wholeStore.ts'),
    import('./writeBackup.ts'),
  ]);
  const of = { partnerId: null, now: systemClock.now() };
  return readWhole(storePlaceOf(place), (connection) => writeBackup(connection, of, write));
}

/** Finds that every byte and row of the file is what was written. Throws `StoreUnavailableError`. */
export async function verifyBackupFile(path: string, progress: Progress): Promise<ReadBackup> {
  const { openBackup, verifyBackup } = await import('./readBackup.ts');
  return verifyBackup(await openBackup(path), progress);
}

/** Fills the store, which is empty, or leaves it empty. Throws as the others do. */
export async function restoreStore(place: NamedPlace, path: string, progress: Progress): Promise<ReadBackup> {
  const [{ restoreWhole }, { openBackup, restoreBackup }] = await Promise.all([
    import('./wholeStore.ts'),
    import('./readBackup.ts'),
  ]);
  const storePlace = storePlaceOf(place);
  const backup = await openBackup(path);
  let restored: ReadBackup | undefined;
  await restoreWhole(storePlace, async (connection) => {
    restored = await restoreBackup(connection, backup, progress);
  });
  if (restored === undefined) throw new Error('a store that was kept was restored');
  return restored;
}
