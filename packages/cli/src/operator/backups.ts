/** Backups without a server, for the commands that make, check and restore them. */

import type { BackupHeader } from '@seatledger/contract';
import {
  backUpStore as backUp,
  type Progress,
  restoreStore as restore,
  verifyBackupFile,
} from '@seatledger/server';
import type { StoreName } from './operatorStore.ts';
import { failingAsCommand } from './serverFailures.ts';

export interface FoundBackup extends Pick<BackupHeader, 'createdAt' | 'heads' | 'scope'> {
  readonly rows: number;
}

export async function backUpStore(
  name: StoreName,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  await failingAsCommand(() => backUp(name, write));
}

export function verifyBackup(file: string, progress: Progress): Promise<FoundBackup> {
  return found(() => verifyBackupFile(file, progress));
}

export function restoreStore(name: StoreName, file: string, progress: Progress): Promise<FoundBackup> {
  return found(() => restore(name, file, progress));
}

async function found(
  read: () => Promise<{ readonly header: BackupHeader; readonly rows: number }>,
): Promise<FoundBackup> {
  const { header, rows } = await failingAsCommand(read);
  const { scope, createdAt, heads } = header;
  return { scope, createdAt, rows, heads };
}
