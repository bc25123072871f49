/** The command line before it has commands. */

import { Command } from 'commander';
import type { CommandContext } from './commandContext.ts';
import { version } from './version.ts';

/** A program that throws where commander would end the process, and leaves printing what is wrong to whoever catches it. */
export function emptyProgram(context: CommandContext): Command {
  return new Command('seatledger')
    .description(
      'The seat ledger for cloud partners: how many user seats does this customer have for this product?',
    )
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError() {},
    });
}
