/** Two moments, each an instant or an event of the record. */

import { type Command, Option } from 'commander';
import { numberArgument } from '../arguments.ts';

export interface PeriodOptions {
  readonly from?: string;
  readonly fromSequence?: number;
  readonly to?: string;
  readonly toSequence?: number;
}

export function addPeriodOptions(command: Command, { from }: { from: string }): Command {
  return command
    .addOption(new Option('--from <instant>', `the first moment, ISO 8601${from}`).conflicts('fromSequence'))
    .option('--from-sequence <event>', 'the first moment, as the one after this event', numberArgument)
    .addOption(new Option('--to <instant>', 'the second moment; default: now').conflicts('toSequence'))
    .option('--to-sequence <event>', 'the second moment, as the one after this event', numberArgument);
}

export function periodQuery({ from, fromSequence, to, toSequence }: PeriodOptions) {
  return {
    from,
    fromSequence: fromSequence?.toString(),
    to,
    toSequence: toSequence?.toString(),
  };
}
