/** A server that is killed while many clients write, again and again: what it acknowledged is there, and the rest is whole or not. */

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isCampaign } from '../../packages/server/src/testing/campaign.ts';
import { type App, type Product, startCommand, startServer, seatledger, type Variables } from '../product.ts';
import { assertKept, assertMade, bringIn, type Door, send, type Write, writeOf } from './knownWrites.ts';
import { seededRandom } from './seededRandom.ts';

const clients = 32;
const rounds = isCampaign ? 100 : 10;
/** After how many acknowledgements the server is killed, and how much later in milliseconds: anywhere in what it does. */
const acknowledgedMax = 120;
const laterMsMax = 30;
/** How long a process that is killed on its start is let run, in milliseconds: from its first instructions to its first answers. */
const startMsMax = 1200;
/** One start in so many is killed too. */
const startsKilled = 4;

export interface KilledStore {
  /** How the store is named to commands. */
  readonly args: readonly string[];
  readonly environment: Variables;
  /** An app of every permission in it. */
  readonly app: App;
}

interface Round {
  readonly writes: readonly (readonly Write[])[];
}

export async function killAgainAndAgain(t: TestContext, store: KilledStore): Promise<void> {
  const random = seededRandom(t);
  const start = () => startServer(store.args, store.environment);
  const done: Round[] = [];
  let lost = 0;
  let acknowledged = 0;
  let server = await start();
  try {
    for (let round = 0; round < rounds; round++) {
      const customers = Array.from({ length: clients }, (_, client) => `round-${round}-client-${client}`);
      await bringIn(await doorOf(server, store.app), customers);
      const writes = await writeUntilKilled(server, await doorOf(server, store.app), customers, {
        after: random.between(1, acknowledgedMax),
        laterMs: random.between(0, laterMsMax),
      });
      if (random.between(1, startsKilled) === 1) await killStart(store, random.between(0, startMsMax));

      server = await start();
      const door = await doorOf(server, store.app);
      await Promise.all(writes.map((own, client) => assertKept(door, customers[client] ?? '', own)));
      for (const write of writes.flat()) {
        if (write.acknowledged === undefined) lost++;
        else acknowledged++;
      }
      await Promise.all(writes.map((own) => sendLostAgain(door, own)));
      await Promise.all(writes.map((own, client) => assertKept(door, customers[client] ?? '', own)));
      done.push({ writes });
      const { exitCode, stderr } = await seatledger(['verify', ...store.args], {
        environment: store.environment,
      });
      assert.equal(exitCode, 0, stderr);
    }
    const door = await doorOf(server, store.app);
    for (const { writes } of done) {
      for (const own of writes) await assertKept(door, own[0]?.customer ?? '', own);
    }
  } finally {
    await server.stop();
  }
  t.diagnostic(`${rounds} kills, ${acknowledged} writes acknowledged before one, ${lost} lost in one`);
  assert.ok(lost >= rounds, 'a kill that no write was underway at shows nothing');
}

/** Every client writes, one after the other, until the server is gone; the writes of each, in order. */
async function writeUntilKilled(
  server: Product,
  door: Door,
  customers: readonly string[],
  { after, laterMs }: { after: number; laterMs: number },
): Promise<readonly (readonly Write[])[]> {
  const { promise: isTime, resolve: killNow } = Promise.withResolvers<void>();
  let left = after;
  async function writeOn(customer: string, client: number): Promise<readonly Write[]> {
    const writes: Write[] = [];
    // Not all of one kind at once.
    for (let number = client; ; number++) {
      const write = writeOf(customer, number);
      writes.push(write);
      const answer = await send(door, write).catch(() => undefined);
      if (answer === undefined) return writes;
      assertMade(write, answer);
      write.acknowledged = answer;
      if (--left === 0) killNow();
    }
  }
  const writing = Promise.all(customers.map(writeOn));
  await Promise.race([isTime, writing]);
  await pause(laterMs);
  await server.kill();
  return writing;
}

/** What was lost is sent again, and the last that was acknowledged too: each is made once, and tells so as it did or would have. */
async function sendLostAgain(door: Door, writes: readonly Write[]): Promise<void> {
  const last = writes.findLast(({ acknowledged }) => acknowledged !== undefined);
  for (const write of writes.filter((one) => one === last || one.acknowledged === undefined)) {
    const answer = await send(door, write);
    assertMade(write, answer);
    if (write === last && write.kind !== 'import') assert.deepEqual(answer, write.acknowledged);
    write.acknowledged ??= answer;
  }
}

/** Kills a process on its way to its first answer, or soon after. */
async function killStart({ args, environment }: KilledStore, afterMs: number): Promise<void> {
  const starting = startCommand(['serve', '--json', '--port', '0', ...args], environment);
  await Promise.race([pause(afterMs), starting.ended]);
  starting.process.kill('SIGKILL');
  const { exitCode, stderr } = await starting.ended;
  assert.equal(exitCode, null, stderr);
}

async function doorOf(server: Product, app: App): Promise<Door> {
  return { url: server.url, token: await server.token(app) };
}
