import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addPoolAddCommand } from './poolAdd.ts';
import { addPoolChangeCommand } from './poolChange.ts';
import { addPoolEndCommand } from './poolEnd.ts';
import { addPoolGrantsCommand } from './poolGrants.ts';
import { addPoolListCommand } from './poolList.ts';
import { addPoolShowCommand } from './poolShow.ts';

export function addPoolCommands(program: Command, context: CommandContext): void {
  const pool = program.command('pool').description('seats that the partner bought to hand out');
  addPoolListCommand(pool, context);
  addPoolShowCommand(pool, context);
  addPoolAddCommand(pool, context);
  addPoolChangeCommand(pool, context);
  addPoolEndCommand(pool, context);
  addPoolGrantsCommand(pool, context);
}
