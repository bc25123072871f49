import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addAppCreateCommand } from './appCreate.ts';
import { addAppDeleteCommand } from './appDelete.ts';
import { addAppListCommand } from './appList.ts';

export function addAppCommands(program: Command, context: CommandContext): void {
  const app = program.command('app').description('the app registrations that may use the API');
  addAppCreateCommand(app, context);
  addAppListCommand(app, context);
  addAppDeleteCommand(app, context);
}
