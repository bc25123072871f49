/** The command line with `serve` alone: a start of the server does not wait for what the others load. */

import type { Command } from 'commander';
import type { CommandContext } from './commandContext.ts';
import { addServeCommand } from './commands/serve.ts';
import { emptyProgram } from './emptyProgram.ts';

export function buildServeProgram(context: CommandContext): Command {
  const program = emptyProgram(context);
  addServeCommand(program, context);
  return program;
}
