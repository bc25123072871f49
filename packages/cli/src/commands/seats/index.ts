import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addSeatsGetCommand } from './seatsGet.ts';
import { addSeatsListCommand } from './seatsList.ts';
import { addSeatsShowCommand } from './seatsShow.ts';

export { addDiffCommand } from './diff.ts';
export { addHistoryCommand } from './history.ts';

export function addSeatsCommands(program: Command, context: CommandContext): void {
  const seats = program.command('seats').description('the seats that customers have');
  addSeatsGetCommand(seats, context);
  addSeatsShowCommand(seats, context);
  addSeatsListCommand(seats, context);
}
