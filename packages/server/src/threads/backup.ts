/** The thread that writes one backup to a file: reading a whole store must not stop answers, nor wait for whoever takes the file. */

import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { BackupOrder, BackupReply } from '../backups.ts';
import { isOutOfRoom } from '../store/staging.ts';
import { StoreUnavailableError } from '../store/unavailable.ts';
import { readWhole } from '../wholeStore.ts';
import { writeBackup } from '../writeBackup.ts';

const { place, path, of } = workerData as BackupOrder;

function tell(reply: BackupReply): void {
  parentPort?.postMessage(reply);
}

try {
  await using file = await open(path, 'wx', 0o600);
  await readWhole(place, (connection) =>
    writeBackup(connection, of, async (bytes) => {
      await file.writeFile(bytes);
      tell({ written: bytes.length });
    }),
  );
  tell({ done: true });
} catch (error) {
  if (isOutOfRoom(error)) tell({ failed: 'storage_full' });
  else if (error instanceof StoreUnavailableError && error.code === 'database_unreachable')
    tell({ failed: 'store_unreachable' });
  else throw error;
}
