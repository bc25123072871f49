/** What an app may do and see, as it is given on the command line. */

import {
  type AppRegistrationChange,
  type CustomerId,
  type Permission,
  permissions,
  type Revision,
  revisions,
} from '@seatledger/contract';
import { type Command, Option } from 'commander';
import { customersArgument, numbersArgument } from '../../arguments.ts';

export interface AppFactsOptions {
  readonly permission?: readonly Permission[];
  readonly customer?: readonly CustomerId[];
  readonly group?: readonly number[];
  readonly revision?: Revision;
}

export function permissionOption(): Option {
  return new Option('--permission <permission...>', 'what the app may do; none implies another').choices(
    permissions,
  );
}

/** Adds `--customer`, `--group` and `--revision`. */
export function addScopeOptions(command: Command, { otherwise }: { otherwise: string }): Command {
  return command
    .addOption(
      new Option('--customer <id...>', `the only customers that the app sees${otherwise}`).argParser(
        customersArgument,
      ),
    )
    .addOption(
      new Option('--group <id...>', 'the customer groups whose customers alone the app sees')
        .argParser(numbersArgument)
        .conflicts('customer'),
    )
    .addOption(
      new Option('--revision <date>', 'the contract revision that the app speaks').choices(revisions),
    );
}

/** What is given, and nothing else. */
export function appFactsOf({
  permission,
  customer,
  group,
  revision,
}: AppFactsOptions): AppRegistrationChange {
  return {
    ...(permission === undefined ? {} : { permissions: [...new Set(permission)] }),
    ...(customer === undefined ? {} : { customers: [...new Set(customer)] }),
    ...(group === undefined ? {} : { groups: [...new Set(group)] }),
    ...(revision === undefined ? {} : { revision }),
  };
}
