import type { Command } from 'commander';

/** Adds `--data` as the commands take it that work on a data folder and nowhere else. The server knows the default. */
export function addDataOption(command: Command): Command {
  return command.option('--data <folder>', 'the data folder; or DATA; default ./data');
}
