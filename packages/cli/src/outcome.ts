/** How a thrown thing is told to the user. */

import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { Failure, localFailure } from './failure.ts';

/** Undefined where the command did what it was asked: to throw is how commander ends after `--help` and `--version`. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (!(error instanceof CommanderError)) return defect(error);
  if (error.exitCode === 0) return undefined;
  return localFailure(
    'usage_wrong',
    isMissingCommand(error) ? 'A command is missing.' : usageSentence(error.message),
  );
}

/** Whether commander has shown the help of a group of commands because none of them was named. */
function isMissingCommand({ code }: CommanderError): boolean {
  return code === 'commander.help';
}

/** Commander writes "error: unknown command 'sets'", and a suggestion on a line of its own. */
function usageSentence(message: string): string {
  const text = message.replace(/^error: /, '').replaceAll('\n', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.)]$/.test(text) ? '' : '.');
}

function defect(error: unknown): Failure {
  return localFailure('defect', error instanceof Error ? (error.stack ?? error.message) : inspect(error), {
    cause: error,
  });
}

/** Whether failures are to be JSON, asked of the bare arguments: they may be what is wrong. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).includes('--json');
}
