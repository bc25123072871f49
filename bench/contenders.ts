/** The servers that take part in a measurement, each in a process on the core for servers. */

import { fileURLToPath } from 'node:url';
import { openOperatorStore } from '../packages/server/src/operatorStore.ts';
import type { BenchStore } from './estate.ts';
import type { Target } from './load.ts';
import { cores, ended, firstLine, spawnNode } from './pinned.ts';

const peerFile = fileURLToPath(new URL('./peer.ts', import.meta.url));
const command = fileURLToPath(new URL('../packages/cli/bin/seatledger.js', import.meta.url));

export interface Contender {
  readonly name: string;
  readonly pid: number;
  readonly target: Target;
  readonly stop: () => Promise<void>;
}

export type PeerKind = 'node' | 'fastify' | 'select' | 'prism' | 'prism-one' | 'json-server';

/** A server with nothing of ours; `data` is the folder of the estate that it reads, where it reads one. */
export async function startPeer(
  name: string,
  kind: PeerKind,
  { data, customers }: { data?: string; customers: number },
): Promise<Contender> {
  const args = [peerFile, kind, ...(data === undefined ? [] : [data])];
  const child = spawnNode(cores.server, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = Number(await firstLine(child));
  // As long as a token of ours: a peer has to read as much of a request.
  const token = 'x'.repeat(800);
  return {
    name,
    pid: pidOf(child),
    target: { port, token, customers, looksUp: kind === 'select' },
    stop: () => ended(child),
  };
}

/** An app that reads seats, made in the store while no server holds it. */
export async function makeReader({ flags }: Pick<BenchStore, 'flags'>): Promise<URLSearchParams> {
  const store = await openOperatorStore(flags);
  const { clientId, clientSecret } = await store.createApp({
    name: 'bench',
    permissions: ['elements.license.read.all'],
  });
  await store.close();
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret ?? '',
  });
}

/** A server of this checkout, or of the one that `cli` is the command of, as its users start it but for the rate limit; without a reader, it is asked for no token. */
export async function startOurs(
  name: string,
  { flags }: Pick<BenchStore, 'flags'>,
  {
    reader,
    customers,
    cli = command,
    node = [],
    port = 0,
  }: { reader?: URLSearchParams; customers: number; cli?: string; node?: readonly string[]; port?: number },
): Promise<Contender & { readonly url: string }> {
  const place = 'data' in flags ? ['--data', flags.data] : ['--database-url', flags.databaseUrl];
  const serve = ['serve', '--json', '--port', String(port), '--rate-limit', '0', ...place];
  const child = spawnNode(cores.server, [...node, cli, ...serve], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SEATLEDGER_KEY: Buffer.alloc(32, 1).toString('base64') },
  });
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  const token = reader === undefined ? '' : await tokenFor(url, reader);
  return {
    name,
    url,
    pid: pidOf(child),
    target: { port: Number(new URL(url).port), token, customers, looksUp: true },
    stop: () => ended(child),
  };
}

async function tokenFor(url: string, reader: URLSearchParams): Promise<string> {
  const granted = await fetch(`${url}/connect/token`, { method: 'POST', body: reader });
  const { access_token: token } = (await granted.json()) as { access_token?: string };
  if (token === undefined) throw new Error('the server gave no token');
  return token;
}

function pidOf({ pid }: { pid?: number | undefined }): number {
  if (pid === undefined) throw new Error('the process was not started');
  return pid;
}
