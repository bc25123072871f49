import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { requireReadable } from '../inputFile.ts';
import { writeAnswer } from '../output/answer.ts';
import { withPartProgress } from '../output/progress.ts';
import { addCommand } from './addCommand.ts';
import { backupText } from './backup/backup.ts';
import { addStoreOptions, type StoreOptions } from './storeOptions.ts';

/** Adds `restore`. */
export function addRestoreCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'restore <file>', {
    summary: 'fill an empty store from a backup',
    description:
      'fill an empty store from a backup, wholly or not at all: a data folder that is empty or not there, or an empty database. The record is proved before the store is used. A server on it makes signing keys of its own, so that every client gets a new token',
    examples: [
      'seatledger restore seatledger.backup --data ./restored',
      'seatledger restore seatledger.backup --database-url postgres://seatledger@db.example.com/restored',
    ],
  });
  addStoreOptions(command).action(
    async (file: string, { json = false, ...store }: StoreOptions & { json?: boolean }) => {
      await requireReadable(file);
      const { restoreStore } = await import('../operator/backups.ts');
      const restored = await withPartProgress(context.stderr, 'read', (done) =>
        restoreStore(store, file, done),
      );
      await writeAnswer(context, { json }, restored, backupText('Restored', context));
    },
  );
}
