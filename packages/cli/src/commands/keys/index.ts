import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addKeysListCommand } from './keysList.ts';
import { addKeysRotateCommand } from './keysRotate.ts';

export function addKeysCommands(program: Command, context: CommandContext): void {
  const keys = program.command('keys').description('the keys of a store that tokens are signed with');
  addKeysRotateCommand(keys, context);
  addKeysListCommand(keys, context);
}
