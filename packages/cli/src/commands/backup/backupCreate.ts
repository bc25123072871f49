import { createHash } from 'node:crypto';
import {
  type BackupHeader,
  backupMediaType,
  checkBackup,
  operations,
  type WholeBackup,
} from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { localFailure } from '../../failure.ts';
import { writeAnswer } from '../../output/answer.ts';
import { withWriteProgress } from '../../output/progress.ts';
import { write } from '../../output/write.ts';
import { stdoutName, withOutputFile } from '../../outputFile.ts';
import { addCommand } from '../addCommand.ts';
import {
  addStoreInsteadOptions,
  type StoreInsteadOptions,
  type StoreOptions,
  storeInstead,
} from '../storeOptions.ts';
import { backupText } from './backup.ts';

interface BackupOptions extends ConnectionOptions, StoreInsteadOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

type Write = (bytes: Uint8Array) => Promise<void>;

/** Adds `backup create`, which is what `backup` does with a file. */
export function addBackupCreateCommand(backup: Command, context: CommandContext): void {
  const command = addCommand(backup, 'create <file>', {
    isDefault: true,
    summary: 'write a backup to a file; seatledger backup FILE is the same',
    description:
      "write a backup to a file, as everything is at one moment, also while servers run. From a server it is of the app's partner, and the app needs seatledger.admin; with --data or --database-url it is of the whole store. The file holds people's addresses and what proves the secrets of apps, so it is made readable for you alone; signing keys are not in it",
    examples: [
      'seatledger backup seatledger.backup',
      'seatledger backup create seatledger.backup --data ./data',
      'seatledger backup - --database-url postgres://seatledger@db.example.com/seatledger | age -r age1w > seatledger.backup.age',
    ],
  }).option('--force', 'replace the file if it is there');
  addStoreInsteadOptions(command, {
    data: 'back up the whole store of this data folder, also while a server runs on it',
    databaseUrl: 'back up the whole store of this PostgreSQL database',
    conflicts: [],
  });
  addConnectionOptions(command).action(async (file: string, options: BackupOptions) => {
    const { force = false, json = false } = options;
    const store = storeInstead(options, context);
    const backUp = store === undefined ? ofServer(options, context) : ofStore(store);
    const made = await withWriteProgress(context.stderr, async (wrote) => {
      const checked = (writePiece: Write) =>
        check(backUp, async (bytes) => {
          await writePiece(bytes);
          wrote(bytes.length);
        });
      return file === stdoutName
        ? checked((bytes) => write(context.stdout, bytes))
        : withOutputFile(file, { replace: force }, checked);
    });
    // On stdout the backup is alone.
    const told = file === stdoutName ? { ...context, stdout: context.stderr } : context;
    await writeAnswer(told, { json }, made, backupText('Backed up', told));
  });
}

function ofServer(options: ConnectionOptions, context: CommandContext): (write: Write) => Promise<void> {
  return async (writePiece) => {
    const connection = await connect(options, context);
    const headers = { accept: `${backupMediaType}, application/json` };
    for await (const bytes of connection.bytes(operations.createBackup, { headers })) await writePiece(bytes);
  };
}

function ofStore(store: StoreOptions): (write: Write) => Promise<void> {
  return async (writePiece) => {
    const { backUpStore } = await import('../../operator/backups.ts');
    await backUpStore(store, writePiece);
  };
}

/** What went by, once it is known to be whole: some proxies end an answer as if it were complete when what they pass on breaks off. */
async function check(
  backUp: (write: Write) => Promise<void>,
  writePiece: Write,
): Promise<Pick<BackupHeader, 'createdAt' | 'heads' | 'scope'> & Pick<WholeBackup, 'bytes'>> {
  const passing = checkBackup(createHash('sha256'));
  await backUp(async (bytes) => {
    passing.take(bytes);
    await writePiece(bytes);
  });
  const found = passing.end();
  if ('damage' in found)
    throw localFailure('backup_damaged', `What came is no whole backup: ${found.damage}.`);
  const { header, bytes } = found;
  const { scope, createdAt, heads } = header;
  return { scope, createdAt, bytes, heads };
}
