/** When a line or a pool holds, as it is given on the command line. */

import { type Command, Option } from 'commander';

export interface TermOptions {
  readonly startsAt?: string;
  readonly expiresAt?: string;
}

export interface ChangedTermOptions extends TermOptions {
  /** False for one without end; true where nothing is said of it. */
  readonly expiry: boolean;
}

const startsAt = (begins: string) => new Option('--starts-at <instant>', `when it begins, ISO 8601${begins}`);
const expiresAt = (ends: string) => new Option('--expires-at <instant>', `when it ends, ISO 8601${ends}`);

export function addTermOptions(command: Command): Command {
  return command.addOption(startsAt('; default: now')).addOption(expiresAt('; default: it does not end'));
}

export function addChangedTermOptions(command: Command): Command {
  return command
    .addOption(startsAt(''))
    .addOption(expiresAt(''))
    .addOption(new Option('--no-expiry', 'without end').conflicts('expiresAt'));
}

export function changedTermOf({ startsAt: start, expiresAt: end, expiry }: ChangedTermOptions) {
  return { startsAt: start, expiresAt: expiry ? end : null };
}

/** The end of a term, for people. */
export function endText(expiresAtOrNull: string | null): string {
  return expiresAtOrNull ?? 'does not end';
}
