/** What every command has that lists rows of a server. */

import { type Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection/settings.ts';
import { type ListFormat, listFormats } from '../output/listing.ts';

export interface ListOptions extends ConnectionOptions {
  readonly format?: ListFormat;
  readonly json?: boolean;
}

export function addListOptions(command: Command): Command {
  return addConnectionOptions(
    command.addOption(
      new Option('--format <format>', 'how to print the rows; default: table')
        .choices(listFormats)
        .conflicts('json'),
    ),
  );
}

export function listFormatOf({ format = 'table', json = false }: ListOptions): ListFormat {
  return json ? 'json' : format;
}
