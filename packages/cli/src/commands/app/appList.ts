import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJsonArray } from '../../output/json.ts';
import { table } from '../../output/table.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { appColumns } from './app.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from './appPlace.ts';

/** Adds `app list`. */
export function addAppListCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'list', {
    description: 'list the app registrations, with the first day on which a credential of each expires',
    examples: ['seatledger app list', 'seatledger app list --data ./data --json'],
  });
  addAppPlaceOptions(command).action(async (options: AppPlaceOptions) => {
    const apps = await (await appRegistrations(options, context)).list();
    if (options.json) await writeJsonArray(context, [apps]);
    else if (apps.length === 0) await write(context.stderr, 'No app is registered.\n');
    else await write(context.stdout, table(apps, appColumns, context.stdout));
  });
}
