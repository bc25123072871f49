/** Where the commands for app registrations work: on a server, or on the data folder of a stopped one. */

import { type Command, Option } from 'commander';
import type { AppRegistrations } from '../appRegistrations.ts';
import type { CommandContext } from '../commandContext.ts';
import { appsOfServer } from '../connection/appsOfServer.ts';
import { connectionTo } from '../connection/connection.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  readConnectionSettings,
} from '../connection/settings.ts';
import { localFailure } from '../failure.ts';

export interface AppPlaceOptions extends ConnectionOptions {
  readonly data?: string;
  readonly partner?: string;
}

export function addAppPlaceOptions(command: Command): Command {
  return addConnectionOptions(
    command
      .addOption(
        new Option('--data <folder>', 'work on the data folder of a stopped server, not over HTTP').conflicts(
          ['server', 'clientId', 'clientSecretFile'],
        ),
      )
      .option('--partner <name>', 'with --data: the partner; default: the only one'),
  );
}

/** The registrations that the options name. */
export async function appRegistrations(
  options: AppPlaceOptions,
  context: CommandContext,
): Promise<AppRegistrations> {
  const { data, partner } = options;
  if (data !== undefined) {
    const { appsOfFolder } = await import('../operator/appsOfFolder.ts');
    return appsOfFolder({ folder: data, partner });
  }
  if (partner !== undefined) {
    throw localFailure('usage_wrong', '--partner goes with --data only.', {
      remedy: 'Over HTTP the partner is the one of the app that asks.',
    });
  }
  return appsOfServer(connectionTo(await readConnectionSettings(options, context)));
}
