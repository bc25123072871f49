import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addEventsFollowCommand } from './eventsFollow.ts';
import { addEventsHeadCommand } from './eventsHead.ts';
import { addEventsListCommand } from './eventsList.ts';

export function addEventsCommands(program: Command, context: CommandContext): void {
  const events = program.command('events').description('the record of all that changed');
  addEventsListCommand(events, context);
  addEventsFollowCommand(events, context);
  addEventsHeadCommand(events, context);
}
