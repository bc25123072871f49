import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addLineAddCommand } from './lineAdd.ts';
import { addLineChangeCommand } from './lineChange.ts';
import { addLineEndCommand } from './lineEnd.ts';
import { addLineListCommand } from './lineList.ts';
import { addLineShowCommand } from './lineShow.ts';

export function addLineCommands(program: Command, context: CommandContext): void {
  const line = program.command('line').description('the subscription lines of customers');
  addLineListCommand(line, context);
  addLineShowCommand(line, context);
  addLineAddCommand(line, context);
  addLineChangeCommand(line, context);
  addLineEndCommand(line, context);
}
