import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addBackupCreateCommand } from './backupCreate.ts';
import { addBackupVerifyCommand } from './backupVerify.ts';

/** Adds `backup` and `backup verify`. */
export function addBackupCommands(program: Command, context: CommandContext): void {
  const backup = program
    .command('backup')
    .summary('write a backup to a file, and check one')
    .description(
      'write a backup to a file: seatledger backup FILE; and check one: seatledger backup verify FILE',
    );
  addBackupCreateCommand(backup, context);
  addBackupVerifyCommand(backup, context);
}
