import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { requireReadable } from '../../inputFile.ts';
import { writeAnswer } from '../../output/answer.ts';
import { withPartProgress } from '../../output/progress.ts';
import { addCommand } from '../addCommand.ts';
import { backupText } from './backup.ts';

/** Adds `backup verify`. */
export function addBackupVerifyCommand(backup: Command, context: CommandContext): void {
  addCommand(backup, 'verify <file>', {
    summary: 'check that a backup is whole, without restoring it',
    description:
      'check that a backup is whole, without restoring it: every byte by its checksum, every row, and the heads that it names',
    examples: ['seatledger backup verify seatledger.backup'],
  }).action(async (file: string, { json = false }: { json?: boolean }) => {
    await requireReadable(file);
    const { verifyBackup } = await import('../../operator/backups.ts');
    const found = await withPartProgress(context.stderr, 'verified', (done) => verifyBackup(file, done));
    await writeAnswer(context, { json }, found, backupText('Verified', context));
  });
}
