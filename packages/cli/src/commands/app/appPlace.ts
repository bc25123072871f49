/** Where the commands for app registrations work: on a server, on the data folder of a stopped one, or in a database. */

import type { Command } from 'commander';
import type { AppRegistrations } from '../../appRegistrations.ts';
import type { CommandContext } from '../../commandContext.ts';
import { appsOfServer } from '../../connection/appsOfServer.ts';
import { connect } from '../../connection/connection.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import type { ChangeFacts } from '../../connection/writes.ts';
import { localFailure } from '../../failure.ts';
import { addStoreInsteadOptions, storeInstead, type StoreInsteadOptions } from '../storeOptions.ts';
import { addIfMatchOption, addWriteFactsOptions } from '../writeOptions.ts';

export interface AppPlaceOptions extends ConnectionOptions, StoreInsteadOptions, ChangeFacts {
  readonly partner?: string;
  readonly json?: boolean;
}

export function addAppPlaceOptions(command: Command): Command {
  return addConnectionOptions(
    addStoreInsteadOptions(command, {
      data: 'work on the data folder of a stopped server, not over HTTP',
      databaseUrl: 'work in a PostgreSQL database, not over HTTP',
      conflicts: ['reason', 'idempotencyKey', 'ifMatch'],
    }).option('--partner <name>', 'with --data or --database-url: the partner; default: the only one'),
  );
}

/** Of what changes an app that is there. */
export function addAppChangeOptions(command: Command): Command {
  return addAppPlaceOptions(addIfMatchOption(addWriteFactsOptions(command), 'the one that is there'));
}

/** The registrations that the options name. */
export async function appRegistrations(
  options: AppPlaceOptions,
  context: CommandContext,
): Promise<AppRegistrations> {
  const { partner } = options;
  const name = storeInstead(options, context);
  if (name !== undefined) {
    const { appsOfStore } = await import('../../operator/appsOfStore.ts');
    return appsOfStore({ name, partner });
  }
  if (partner !== undefined) {
    throw localFailure('usage_wrong', '--partner goes with --data and --database-url only.', {
      remedy: 'Over HTTP the partner is the one of the app that asks.',
    });
  }
  return appsOfServer(await connect(options, context), options);
}
