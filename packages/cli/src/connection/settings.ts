/** Which server a command speaks to, and as which app. */

import { readFile } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import type { Environment } from '../environment.ts';
import { localFailure } from '../failure.ts';
import { fileUnreadable, stdinName } from '../inputFile.ts';

export interface ConnectionOptions {
  readonly server?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
}

export interface ConnectionSettings {
  /** An http or https URL without a slash at its end. */
  readonly server: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const defaultServer = 'http://127.0.0.1:8080';

/** Adds the options that every command against a server takes. A secret is never one: arguments are seen by all users of a machine. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--server <url>', `the server; or SEATLEDGER_SERVER; default ${defaultServer}`).helpGroup(
        helpGroup,
      ),
    )
    .addOption(
      new Option('--client-id <id>', 'the application id; or SEATLEDGER_CLIENT_ID').helpGroup(helpGroup),
    )
    .addOption(
      new Option(
        '--client-secret-file <file>',
        'a file with its secret, - for stdin; or SEATLEDGER_CLIENT_SECRET',
      ).helpGroup(helpGroup),
    );
}

const helpGroup = 'Server:';

/** Options win over the environment. */
export async function readConnectionSettings(
  options: ConnectionOptions,
  context: CommandContext,
): Promise<ConnectionSettings> {
  const { environment } = context;
  return {
    server: serverUrl(options.server ?? environment.server ?? defaultServer),
    clientId: clientId(options, environment),
    clientSecret: await clientSecret(options, context),
  };
}

/** What comes in on stdin is one thing. */
export function refuseSharedStdin(file: string | undefined, { clientSecretFile }: ConnectionOptions): void {
  if (file === stdinName && clientSecretFile === stdinName)
    throw localFailure('usage_wrong', 'The file and the secret cannot both come from stdin.');
}

function serverUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw localFailure('usage_wrong', `The server ${JSON.stringify(text)} is not an http or https URL.`, {
      remedy: `Write it like ${defaultServer}.`,
    });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw localFailure(
      'usage_wrong',
      'The URL of the server has a user, a password, a query or a fragment.',
      {
        remedy: `Write it like ${defaultServer}; the app is named with --client-id.`,
      },
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function clientId(options: ConnectionOptions, environment: Environment): string {
  const id = options.clientId ?? environment.clientId;
  if (id === undefined || id === '') {
    throw localFailure('usage_wrong', 'No app is named to work as.', {
      remedy:
        'Give its application id with --client-id or SEATLEDGER_CLIENT_ID; seatledger app create makes an app.',
    });
  }
  return id;
}

async function clientSecret(
  { clientSecretFile }: ConnectionOptions,
  { environment, stdin }: CommandContext,
): Promise<string> {
  if (clientSecretFile === undefined) {
    if (environment.clientSecret !== undefined) return environment.clientSecret;
    throw localFailure('usage_wrong', 'The secret of the app is not given.', {
      remedy: 'Give it with --client-secret-file FILE or SEATLEDGER_CLIENT_SECRET.',
    });
  }
  const content =
    clientSecretFile === stdinName ? await readText(stdin) : await readSecretFile(clientSecretFile);
  const secret = content.trim();
  if (secret === '') {
    const place = clientSecretFile === stdinName ? 'Standard input' : clientSecretFile;
    throw localFailure('usage_wrong', `${place} holds no secret.`, {
      remedy: 'It has to hold the secret and nothing else.',
    });
  }
  return secret;
}

async function readSecretFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw fileUnreadable(file, cause);
  }
}
