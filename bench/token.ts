/**
 * What a token costs beside the signature in it: `node bench/token.ts`.
 *
 * The token endpoint of a real server in this process, asked over HTTP by another, in turns with RS256 signatures by a key of the
 * same length and nothing around them. Compared is the processor time of this process for one of either, over all of its threads.
 */

import { fork } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServer } from '../packages/server/src/app.ts';
import { readServeConfig } from '../packages/server/src/config.ts';
import { openOperatorStore } from '../packages/server/src/operatorStore.ts';
import { report } from './figures.ts';

const signed = promisify(sign);
const rounds = 11;
const perRound = 1000;
const connections = 16;

interface Asked {
  readonly url: string;
  readonly form: string;
}

if (process.argv[2] === 'ask') process.on('message', (asked: Asked) => void askAll(asked));
else await measure();

/** In the process that asks: as many tokens as a round has, over as many connections. */
async function askAll({ url, form }: Asked): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = perRound;
  async function client() {
    while (left-- > 0) {
      const sent = request(`${url}/connect/token`, {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }).end(form);
      const [answer] = await once(sent, 'response');
      let text = '';
      for await (const chunk of answer) text += chunk;
      if (!text.includes('"access_token":"ey')) throw new Error(text);
    }
  }
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  process.send?.('done');
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
  const store = await openOperatorStore({ data: folder });
  const app = await store.createApp({ name: 'bench', permissions: ['elements.license.read.all'] });
  await store.close();
  const server = await startServer(readServeConfig({ data: folder, port: '0', rateLimit: '0' }, {}));
  const asker = fork(new URL(import.meta.url).pathname, ['ask']);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.clientSecret ?? '',
  }).toString();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // As long as what is signed of a token.
  const claims = Buffer.alloc(600, 'a');

  async function tokens() {
    asker.send({ url: server.url, form } satisfies Asked);
    await once(asker, 'message');
  }
  async function signatures() {
    let left = perRound;
    async function signer() {
      while (left-- > 0) (await signed('sha256', claims, privateKey)).toString('base64url');
    }
    await Promise.all(Array.from({ length: connections }, signer));
  }

  await tokens();
  await signatures();
  const ratios: number[] = [];
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const signature = await processorMs(signatures);
    const token = await processorMs(tokens);
    ratios.push(signature / token);
    costs.push((token * 1000) / perRound);
  }
  report('processor time of a token, µs', costs);
  report('signatures by the processor time of a token', ratios);
  asker.disconnect();
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function processorMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
