/** What the server is started with, from flags and the environment; flags win. */

import { BlockList, isIP, isIPv4 } from 'node:net';
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
  readonly tlsKey?: string | undefined;
  readonly tlsCertificate?: string | undefined;
  readonly trustProxy?: string | undefined;
  readonly corsOrigin?: string | undefined;
  readonly rateLimit?: string | undefined;
  readonly metricsAddress?: string | undefined;
  readonly maxConnections?: string | undefined;
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

/** Files of PEM. */
export interface TlsFiles {
  readonly keyFile: string;
  /** The certificate, and those of its issuers after it. */
  readonly certificateFile: string;
}

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
  /** Undefined means plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /** Addresses, and ranges of them, of the proxies that are believed whom they speak for. */
  readonly trustedProxies: readonly string[];
  /** Origins whose web pages may use the API. */
  readonly corsOrigins: readonly string[];
  /** How many requests a second each app may send; 0 is no limit. */
  readonly rateLimit: number;
  /** Where metrics are served; undefined means nowhere. */
  readonly metrics: ListenAddress | undefined;
  /** How many connections may be open. */
  readonly maxConnections: number;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 lets the system pick a free one. */
  readonly port: number;
}

/** Where nobody says otherwise: far more than a client needs, and far less than a process answers. */
const rateLimitDefault = 100;
const rateLimitMax = 1_000_000;

/** Each costs some 20 kB; what is beyond is closed at once. */
const connectionsDefault = 10_000;
const connectionsMax = 1_000_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `ConfigurationError`. */
export function readServeConfig(flags: ServeFlags, environment: Environment = process.env): ServeConfig {
  const host = flags.host ?? nonEmpty(environment['HOST']) ?? '127.0.0.1';
  const publicUrl = originOf(flags.publicUrl ?? nonEmpty(environment['SEATLEDGER_PUBLIC_URL']));
  const tls = tlsFilesOf(flags, environment);
  const { sampleFile } = flags;
  if (sampleFile !== undefined && !isLoopback(host)) {
    throw new ConfigurationError(
      `A sample is only loaded where nobody else can reach it, and ${host} is not a loopback address. Leave out --sample or the host.`,
    );
  }
  if (sampleFile !== undefined && tls !== undefined) {
    throw new ConfigurationError(
      'A sample is tried out over plain HTTP. Leave out --sample, or the key and the certificate of TLS.',
    );
  }
  if (!isLoopback(host) && tls === undefined && !isHttps(publicUrl)) {
    throw new ConfigurationError(
      `The host ${host} is reached over a network, where secrets and tokens need TLS. Give the server a key and a certificate (--tls-key, --tls-certificate), or put a proxy that speaks TLS before it and give its https origin (--public-url).`,
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
    publicUrl,
    sampleFile,
    logLevel: logLevelOf(nonEmpty(environment['LOG_LEVEL']) ?? 'warn'),
    tls,
    trustedProxies: listOf(flags.trustProxy ?? environment['TRUST_PROXY']).map(proxyOf),
    corsOrigins: listOf(flags.corsOrigin ?? environment['CORS_ORIGINS']).map(corsOriginOf),
    metrics: listenAddressOf(flags.metricsAddress ?? nonEmpty(environment['METRICS_ADDRESS'])),
    rateLimit: rateLimitOf(flags.rateLimit ?? nonEmpty(environment['RATE_LIMIT'])),
    maxConnections: connectionsOf(flags.maxConnections ?? nonEmpty(environment['MAX_CONNECTIONS'])),
  };
}

/** Whether clients reach the server by TLS, its own or that of a proxy before it. */
export function isReachedByTls({ tls, publicUrl }: Pick<ServeConfig, 'tls' | 'publicUrl'>): boolean {
  return tls !== undefined || isHttps(publicUrl);
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

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine reaches it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && loopback.check(host, isIPv4(host) ? 'ipv4' : 'ipv6'));
}

function isHttps(origin: string | undefined): boolean {
  return origin?.startsWith('https:') === true;
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
  const origin = originIn(text);
  if (origin !== undefined) return origin;
  throw new ConfigurationError(
    `The public URL is an origin such as https://seats.example.com, and not ${text}.`,
  );
}

function originIn(text: string): string | undefined {
  const url = URL.parse(text);
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
  return isOrigin ? url.origin : undefined;
}

function tlsFilesOf(flags: ServeFlags, environment: Environment): TlsFiles | undefined {
  const keyFile = flags.tlsKey ?? nonEmpty(environment['TLS_KEY']);
  const certificateFile = flags.tlsCertificate ?? nonEmpty(environment['TLS_CERTIFICATE']);
  if (keyFile === undefined && certificateFile === undefined) return undefined;
  if (keyFile === undefined || certificateFile === undefined) {
    throw new ConfigurationError(
      `TLS needs a key and a certificate. Give ${keyFile === undefined ? 'the key too, with --tls-key or TLS_KEY' : 'the certificate too, with --tls-certificate or TLS_CERTIFICATE'}.`,
    );
  }
  return { keyFile: resolve(keyFile), certificateFile: resolve(certificateFile) };
}

/** Commas between them, and blanks around any. */
function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function proxyOf(text: string): string {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  const isPrefix =
    prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
  if (family !== 0 && isPrefix && rest.length === 0 && !address.includes('%')) return text;
  throw new ConfigurationError(
    `A proxy is trusted by its address or a range such as 10.0.0.0/8, and not as ${text}. Commas stand between several.`,
  );
}

/** As browsers write it: a page is told from another by this text alone. A star would stand for itself, so it is not taken. */
function corsOriginOf(text: string): string {
  const origin = text.includes('*') ? undefined : originIn(text);
  if (origin !== undefined) return origin;
  throw new ConfigurationError(
    `Web pages are let in by their origin, such as https://console.example.com, and not by ${text}. Commas stand between several.`,
  );
}

/** An address of IPv6 stands in brackets. */
function listenAddressOf(text: string | undefined): ListenAddress | undefined {
  if (text === undefined) return undefined;
  const parts = /^(?:\[(?<six>[^\]]*)\]|(?<host>[^:]+)):(?<port>\d{1,5})$/.exec(text)?.groups;
  const host = parts?.['six'] ?? parts?.['host'];
  const isHost = parts?.['six'] === undefined ? isName(host) : isIP(host ?? '') === 6;
  if (host !== undefined && isHost && Number(parts?.['port']) <= 65_535)
    return { host: host === 'localhost' ? '127.0.0.1' : host, port: Number(parts?.['port']) };
  throw new ConfigurationError(
    `Metrics are served at a host and a port such as 127.0.0.1:9464, and not at ${text}.`,
  );
}

function isName(host = ''): boolean {
  return isIPv4(host) || (/^[A-Za-z0-9.-]+$/.test(host) && !/^[\d.]+$/.test(host));
}

function rateLimitOf(text: string | undefined): number {
  if (text === undefined) return rateLimitDefault;
  const perSecond = Number(text);
  if (/^\d{1,7}$/.test(text) && perSecond <= rateLimitMax) return perSecond;
  throw new ConfigurationError(
    `The rate limit is a whole number of requests a second up to ${rateLimitMax}, 0 for none, and not ${text}.`,
  );
}

function connectionsOf(text: string | undefined): number {
  if (text === undefined) return connectionsDefault;
  const count = Number(text);
  if (/^[1-9]\d{0,6}$/.test(text) && count <= connectionsMax) return count;
  throw new ConfigurationError(
    `The most connections are a whole number from 1 to ${connectionsMax}, and not ${text}.`,
  );
}

function logLevelOf(text: string): ServeConfig['logLevel'] {
  const level = logLevels.find((known) => known === text);
  if (level !== undefined) return level;
  throw new ConfigurationError(`LOG_LEVEL is one of ${logLevels.join(', ')}, and not ${text}.`);
}
