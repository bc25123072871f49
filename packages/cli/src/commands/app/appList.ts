import type { AppRegistration } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJsonArray } from '../../output/json.ts';
import { type Column, table } from '../../output/table.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from './appPlace.ts';

interface AppListOptions extends AppPlaceOptions {
  readonly json?: boolean;
}

const columns: readonly Column<AppRegistration>[] = [
  { title: 'APPLICATION ID', value: ({ clientId }) => clientId },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'CUSTOMERS', value: ({ customers }) => (customers === 'all' ? 'all' : customers.length) },
  { title: 'REVISION', value: ({ revision }) => revision },
  {
    title: 'SECRETS GOOD UNTIL',
    value: ({ secrets }) => secrets.map(({ expiresAt }) => expiresAt.slice(0, 10)).join(' '),
  },
  { title: 'PERMISSIONS', value: ({ permissions }) => permissions.join(' ') },
];

/** Adds `app list`. */
export function addAppListCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'list', {
    description: 'list the app registrations',
    examples: ['seatledger app list', 'seatledger app list --data ./data --json'],
  });
  addAppPlaceOptions(command).action(async (options: AppListOptions) => {
    const apps = await (await appRegistrations(options, context)).list();
    if (options.json) await writeJsonArray(context, [apps]);
    else if (apps.length === 0) await write(context.stderr, 'No app is registered.\n');
    else await write(context.stdout, table(apps, columns, context.stdout));
  });
}
