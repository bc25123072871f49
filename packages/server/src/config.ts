/** What the server is started with, from flags and the environment; flags win. */

import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

/** What somebody who starts the server chose wrongly, in a sentence that says how to choose rightly. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Texts as they were typed. */
export interface ServeFlags {
  readonly data?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly publicUrl?: string | undefined;
  readonly sampleFile?: string | undefined;
}

const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/** Where the store is: in a folder that is one process's own, or in a database that any number of processes share. */
export type StorePlace =
  | {
      readonly kind: 'folder';
      /** Absolute. */
      readonly path: string;
    }
  | {
      readonly kind: 'database';
      /** May hold a password, as may what is wrong with it: neither is ever repeated. */
      readonly url: string;
      readonly encryptionKey: string | undefined;
      /** Where imports on their way are kept. */
      readonly temporaryFolder: string;
    };

export interface ServeConfig {
  readonly place: StorePlace;
  /** 0 lets the system pick a free one. */
  readonly port: number;
  readonly host: string;
  /** An origin without a slash at its end; undefined means where the server listens. */
  readonly publicUrl: string | undefined;
  /** The lines that an empty store begins with; undefined means that it stays empty. */
  readonly sampleFile: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `ConfigurationError`. */
export function readServeConfig(flags: ServeFlags, environment: Environment = process.env): ServeConfig {
  const host = flags.host ?? nonEmpty(environment['HOST']) ?? '127.0.0.1';
  const { sampleFile } = flags;
  if (sampleFile !== undefined && !isLoopback(host)) {
    throw new ConfigurationError(
      `A sample is only loaded where nobody else can reach it, and ${host} is not a loopback address. Leave out --sample or the host.`,
    );
  }
  const databaseUrl = flags.databaseUrl ?? nonEmpty(environment['DATABASE_URL']);
  if (sampleFile !== undefined && databaseUrl !== undefined) {
    throw new ConfigurationError(
      'A sample is only loaded into a data folder. Leave out --sample, or --database-url, or unset DATABASE_URL.',
    );
  }
  return {
    place: storePlaceOf(flags, environment),
    port: portOf(flags.port ?? nonEmpty(environment['PORT']) ?? '8080'),
    host,
    publicUrl: originOf(flags.publicUrl ?? nonEmpty(environment['SEATLEDGER_PUBLIC_URL'])),
    sampleFile,
    logLevel: logLevelOf(nonEmpty(environment['LOG_LEVEL']) ?? 'warn'),
  };
}

/** What is named wins over the environment, and a database of the environment over its data folder. Throws `ConfigurationError`. */
export function storePlaceOf(
  { data, databaseUrl }: Pick<ServeFlags, 'data' | 'databaseUrl'>,
  environment: Environment = process.env,
): StorePlace {
  const url = databaseUrl ?? (data === undefined ? nonEmpty(environment['DATABASE_URL']) : undefined);
  if (url === undefined) {
    return { kind: 'folder', path: resolve(data ?? nonEmpty(environment['DATA']) ?? 'data') };
  }
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new ConfigurationError(
      'The URL of the database is one such as postgres://user@host:5432/seatledger. What a URL gives a meaning to is percent-encoded in its password.',
    );
  }
  const encryptionKey = nonEmpty(environment['SEATLEDGER_KEY']);
  return { kind: 'database', url, encryptionKey, temporaryFolder: tmpdir() };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new ConfigurationError(`The port is a number from 0 to 65535, and not ${text}.`);
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
  if (isOrigin) return url.origin;
  throw new ConfigurationError(
    `The public URL is an origin such as https://seats.example.com, and not ${text}.`,
  );
}

function logLevelOf(text: string): ServeConfig['logLevel'] {
  const level = logLevels.find((known) => known === text);
  if (level !== undefined) return level;
  throw new ConfigurationError(`LOG_LEVEL is one of ${logLevels.join(', ')}, and not ${text}.`);
}
