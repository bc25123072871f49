/** The process: what goes in, and what it ends with. */

import type { Command } from 'commander';
import type { CommandContext } from './commandContext.ts';
import { readEnvironment } from './environment.ts';
import { exitCodes } from './exitCode.ts';
import { type Failure, localFailure } from './failure.ts';
import { asksForJson, failureOf } from './outcome.ts';
import { failureJson, failureText } from './output/failureReport.ts';

const interruption = new AbortController();
const context: CommandContext = {
  environment: readEnvironment(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupted: interruption.signal,
};

function report(failure: Failure): void {
  const text = asksForJson(process.argv) ? failureJson(failure) : failureText(failure, context.stderr);
  context.stderr.write(text);
}

process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  // The reader, head for instance, has what it wanted.
  if (cause.code === 'EPIPE') process.exit(exitCodes.done);
  report(localFailure('output_unwritable', `The output cannot be written: ${cause.message}.`, { cause }));
  process.exit(exitCodes.failed);
});

const program = (await builtProgram()).hook('preAction', (_, command) => {
  const name = command.name();
  // The server ends by itself, once it has answered what it was asked.
  if (name === 'serve') return;
  // To be interrupted is how following ends; by a second Ctrl-C it does at once.
  process.once('SIGINT', name === 'follow' ? () => interruption.abort() : interrupted);
  // By itself, the signal would leave what is half written.
  process.once('SIGTERM', () => process.exit(exitCodes.terminated));
});

async function builtProgram(): Promise<Command> {
  if (process.argv[2] === 'serve') return (await import('./serveProgram.ts')).buildServeProgram(context);
  return (await import('./program.ts')).buildProgram(context);
}

function interrupted(): never {
  // The prompt of the shell comes below a line of progress and not behind it.
  if (context.stderr.isTTY === true) context.stderr.write('\n');
  process.exit(exitCodes.interrupted);
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  const failure = failureOf(error);
  if (failure !== undefined) {
    report(failure);
    process.exitCode = failure.facts.exitCode;
  }
}
