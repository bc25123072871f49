/** Which store a command works on where no server is asked. */

import { type Command, Option } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { localFailure } from '../failure.ts';

export interface StoreOptions {
  readonly data?: string;
  readonly databaseUrl?: string;
}

/** Adds `--data` and `--database-url` as the commands take them that work on a store and nowhere else. The server knows the defaults. */
export function addStoreOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'the data folder; or DATA; default ./data')
    .addOption(
      new Option(
        '--database-url <url>',
        'a PostgreSQL database, not a data folder; or DATABASE_URL, where a password belongs',
      ).conflicts('data'),
    );
}

/** As the commands have them that ask a server unless a store is named. */
export interface StoreInsteadOptions {
  readonly data?: string;
  /** True where only its name was typed. */
  readonly databaseUrl?: string | true;
}

interface StoreInsteadTexts {
  readonly data: string;
  readonly databaseUrl: string;
  /** The options that only a server is asked with. */
  readonly conflicts: readonly string[];
}

export function addStoreInsteadOptions(command: Command, texts: StoreInsteadTexts): Command {
  const ofServer = ['server', 'clientId', 'clientSecretFile', ...texts.conflicts];
  return command
    .addOption(new Option('--data <folder>', texts.data).conflicts(ofServer))
    .addOption(
      new Option(
        '--database-url [url]',
        `${texts.databaseUrl}; without a URL: DATABASE_URL, where a password belongs`,
      ).conflicts(['data', ...ofServer]),
    );
}

/** Undefined where a server is to be asked: a variable alone does not choose the database. */
export function storeInstead(
  { data, databaseUrl }: StoreInsteadOptions,
  { environment }: CommandContext,
): StoreOptions | undefined {
  if (data !== undefined) return { data };
  if (databaseUrl === undefined) return undefined;
  const url = databaseUrl === true ? environment.databaseUrl : databaseUrl;
  if (url !== undefined) return { databaseUrl: url };
  throw localFailure('usage_wrong', 'No database is named.', {
    remedy: 'Give its URL with --database-url URL or DATABASE_URL.',
  });
}
