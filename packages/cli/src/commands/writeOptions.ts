/** What every command has that writes to a server. */

import { type Command, Option } from 'commander';
import { addConnectionOptions, type ConnectionOptions } from '../connection/settings.ts';
import type { ChangeFacts, WriteFacts } from '../connection/writes.ts';
import { localFailure } from '../failure.ts';

export interface WriteOptions extends ConnectionOptions, WriteFacts {
  readonly json?: boolean;
}

export interface ChangeOptions extends ConnectionOptions, ChangeFacts {
  readonly json?: boolean;
}

const helpGroup = 'Write:';

export function addReasonOption(command: Command): Command {
  return command.addOption(
    new Option('--reason <text>', 'why, for the record: up to 200 characters').helpGroup(helpGroup),
  );
}

/** Of what is not always written to a server. */
export function addWriteFactsOptions(command: Command): Command {
  return addReasonOption(command).addOption(
    new Option(
      '--idempotency-key <key>',
      'names the request: sent again within 24 hours it is not done twice; default: a random one',
    ).helpGroup(helpGroup),
  );
}

/** Of what makes something new. */
export function addWriteOptions(command: Command): Command {
  return addConnectionOptions(addWriteFactsOptions(command));
}

/** Of what changes something that is there. */
export function addChangeOptions(command: Command): Command {
  return addWriteOptions(addIfMatchOption(command, 'the one that is there, which takes seatledger.read'));
}

export function addIfMatchOption(command: Command, otherwise: string): Command {
  return command.addOption(
    new Option(
      '--if-match <version>',
      `change this version alone, as show tells it, or * for any; default: ${otherwise}`,
    ).helpGroup(helpGroup),
  );
}

/** The change as it is sent; wrong usage where it changes nothing. */
export function somethingOf<Body extends object>(body: Body): Body {
  if (Object.values(body).some((member) => member !== undefined)) return body;
  throw localFailure('usage_wrong', 'Nothing that is to change is given.');
}
