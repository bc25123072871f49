/** A server of its own process on a store that is measured, and an app that may read it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { openOperatorStore } from '../packages/server/src/operatorStore.ts';
import type { BenchStore } from './estate.ts';

const command = fileURLToPath(new URL('../packages/cli/bin/seatledger.js', import.meta.url));

export interface BenchServer {
  readonly url: string;
  /** Of the app: it may read, and change lines. */
  readonly token: string;
  /** What the path answers. Fails unless that is a 200. */
  text(path: string, method?: 'GET' | 'POST'): Promise<string>;
  /** Tells each line of a streamed answer as it comes. */
  lines(path: string, onLine: (line: string) => void): Promise<void>;
  /** How many lines a streamed answer of that media type has. */
  countLines(path: string, mediaType: string): Promise<number>;
  /** What the process has in memory now; 0 where the system does not say. */
  residentMegabytes(): number;
  /** The most that it ever had; 0 where the system does not say. */
  peakMegabytes(): number;
  /** How many times it has committed so far, and how many acknowledged changes that made durable. */
  commits(): Promise<{ readonly commits: number; readonly changes: number }>;
  /** What the process has taken of the processor so far, to 10 ms; 0 where the system does not say. */
  processorMs(): number;
  stop(): Promise<void>;
}

export async function startBenchServer({ flags }: BenchStore): Promise<BenchServer> {
  const store = await openOperatorStore(flags);
  const { clientId, clientSecret } = await store.createApp({
    name: 'bench',
    permissions: [
      'seatledger.read',
      'seatledger.write',
      'elements.license.read.all',
      'elements.customers.read.all',
    ],
  });
  await store.close();
  const place = 'data' in flags ? ['--data', flags.data] : ['--database-url', flags.databaseUrl];
  const serve = ['serve', '--json', '--port', '0', '--rate-limit', '0', '--metrics-address', '127.0.0.1:0'];
  const server = spawn(process.execPath, [command, ...serve, ...place], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SEATLEDGER_KEY: Buffer.alloc(32, 1).toString('base64') },
  });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  const { url, metricsUrl } = JSON.parse(line) as { url: string; metricsUrl: string };
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret ?? '' };
  const token = await fetch(`${url}/connect/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: bearer } = (await token.json()) as { access_token: string };

  async function answer(path: string, method = 'GET', accept = '*/*'): Promise<Response> {
    const headers = { authorization: `Bearer ${bearer}`, accept };
    const response = await fetch(url + path, { method, headers });
    if (response.status !== 200) throw new Error(`${path}: ${await response.text()}`);
    return response;
  }
  function statusMegabytes(field: 'VmHWM' | 'VmRSS'): number {
    try {
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }
  return {
    url,
    token: bearer,
    text: async (path, method) => (await answer(path, method)).text(),
    async lines(path, onLine) {
      const { body } = await answer(path);
      if (body === null) throw new Error('the answer has no body');
      for await (const text of createInterface({ input: Readable.fromWeb(body as never) })) onLine(text);
    },
    async countLines(path, mediaType) {
      const { body } = await answer(path, 'GET', mediaType);
      if (body === null) throw new Error('the answer has no body');
      let lines = 0;
      for await (const chunk of body) lines += linesIn(chunk);
      return lines;
    },
    async commits() {
      const metrics = await (await fetch(`${metricsUrl}/metrics`)).text();
      const read = (name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(metrics)?.[1]);
      return {
        commits: read('seatledger_commit_changes_count'),
        changes: read('seatledger_commit_changes_sum'),
      };
    },
    residentMegabytes: () => statusMegabytes('VmRSS'),
    peakMegabytes: () => statusMegabytes('VmHWM'),
    processorMs() {
      try {
        const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return (Number(fields[11]) + Number(fields[12])) * 10;
      } catch {
        return 0;
      }
    },
    async stop() {
      const closed = once(server, 'close');
      server.kill();
      await closed;
    },
  };
}

/** How many lines end in the chunk. */
export function linesIn(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
  return lines;
}
