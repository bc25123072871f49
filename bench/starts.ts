/** From the start of a process to its first answer. */

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { type Contender, startOurs, startPeer } from './contenders.ts';
import { type BenchStore, customerOf } from './estate.ts';

export interface Starts {
  readonly ours: readonly number[];
  readonly fastify: readonly number[];
}

/** In turns, in milliseconds. The answer of ours is to a token that was issued before. */
export async function measureStarts(
  store: BenchStore,
  { reader, runs }: { reader: URLSearchParams; runs: number },
): Promise<Starts> {
  // Tokens are issued for the origin that the server listens on.
  const port = await freePort();
  const ours: number[] = [];
  const fastify: number[] = [];
  const start = () => startOurs('start', store, { reader, customers: 1, port });
  const before = await start();
  const { token } = before.target;
  await before.stop();
  for (let run = 0; run < runs; run++) {
    fastify.push(await timeToAnswer(() => startPeer('start', 'fastify', { customers: 1 }), token));
    ours.push(await timeToAnswer(() => startOurs('start', store, { customers: 1, port }), token));
  }
  return { ours, fastify };
}

async function timeToAnswer(start: () => Promise<Contender>, token: string): Promise<number> {
  const beganAt = performance.now();
  const { target, stop } = await start();
  const path = `/partner/external/v3/general/customers/${customerOf(1)}/avpt-products/type/2048/overview`;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`http://127.0.0.1:${target.port}${path}`, { headers });
  const text = await answer.text();
  const took = performance.now() - beganAt;
  await stop();
  if (text !== '{"productType":2048,"availableUserSeat":25}') throw new Error(`the answer is ${text}`);
  return took;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
