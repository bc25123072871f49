import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addAppChangeCommand } from './appChange.ts';
import { addAppCreateCommand } from './appCreate.ts';
import { addAppDeleteCommand } from './appDelete.ts';
import { addAppDisableCommand } from './appDisable.ts';
import { addAppEnableCommand } from './appEnable.ts';
import { addAppListCommand } from './appList.ts';
import { addAppShowCommand } from './appShow.ts';
import { addCredentialCommands } from './credential/index.ts';

export function addAppCommands(program: Command, context: CommandContext): void {
  const app = program.command('app').description('the app registrations that may use the API');
  addAppCreateCommand(app, context);
  addAppListCommand(app, context);
  addAppShowCommand(app, context);
  addAppChangeCommand(app, context);
  addAppDisableCommand(app, context);
  addAppEnableCommand(app, context);
  addAppDeleteCommand(app, context);
  addCredentialCommands(app, context);
}
