/** Three servers on one database are restarted one after the other while clients read and write: no request is lost. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { permissions } from '@seatledger/contract';
import { createDatabase, startPostgres } from '../../packages/server/src/testing/postgres.ts';
import { type Product, seatledger, startServer } from '../product.ts';
import { assertKept, assertMade, bringIn, type Door, send, type Write, writeOf } from './knownWrites.ts';

const clients = 12;
/** How many requests each client gets answered between two steps of the restart, at the least. */
const requestsBetween = 5;

test('a rolling restart of three servers under load loses no request', async (t) => {
  const postgres = await startPostgres();
  const database = await createDatabase(postgres);
  const servers: Product[] = [];
  t.after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
    await postgres.stop();
  });
  const args = ['--database-url', database.url];
  // One issuer for all, as behind one load balancer.
  const environment = {
    SEATLEDGER_KEY: randomBytes(32).toString('base64'),
    SEATLEDGER_PUBLIC_URL: 'http://127.0.0.1:8080',
  };
  const create = ['app', 'create', '--json', '--name', 'test', '--permission', ...permissions, ...args];
  const created = await seatledger(create);
  assert.equal(created.exitCode, 0, created.stderr);
  servers.push(...(await Promise.all([0, 1, 2].map(() => startServer(args, environment)))));
  const [first] = servers;
  assert.ok(first);
  const token = await first.token(JSON.parse(created.stdout));
  const doors: Door[] = servers.map(({ url }) => ({ url, token }));
  const [door = { url: '', token }] = doors;
  const customers = Array.from({ length: clients }, (_, client) => `client-${client}`);
  await bringIn(door, customers);

  const state = { isOver: false, failures: 0, answered: 0 };
  /** As clients do: a request that may be sent again is sent to the next server where a connection is refused or reset. */
  async function anywhere<Result>(from: number, ask: (to: Door) => Promise<Result>): Promise<Result> {
    for (let tries = 0; ; tries++) {
      const next = doors[(from + tries) % doors.length] ?? door;
      try {
        return await ask(next);
      } catch (error) {
        if (error instanceof assert.AssertionError || tries === 2 * doors.length) throw error;
        state.failures++;
      }
    }
  }
  async function read({ url }: Door, customer: string): Promise<number> {
    const path = `${url}/api/v1/customers/${customer}/seats/2048`;
    const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
    await answer.arrayBuffer();
    return answer.status;
  }
  async function load(customer: string, client: number): Promise<readonly Write[]> {
    const writes: Write[] = [];
    for (let number = 1; !state.isOver; number++) {
      assert.equal(await anywhere(client + number, (to) => read(to, customer)), 200);
      const write = writeOf(customer, number);
      const answer = await anywhere(client + number, (to) => send(to, write));
      assertMade(write, answer);
      write.acknowledged = answer;
      writes.push(write);
      state.answered += 2;
    }
    return writes;
  }

  const loading = Promise.all(customers.map(load));
  const busy = async () => {
    const until = state.answered + clients * requestsBetween;
    while (state.answered < until) await Promise.race([loading, pause(20)]);
  };
  for (const [index, old] of [...servers].entries()) {
    await busy();
    const { exitCode, stderr } = await old.stop();
    assert.equal(exitCode, 0, stderr);
    await busy();
    const fresh = await startServer(args, environment);
    servers[index] = fresh;
    doors[index] = { url: fresh.url, token };
  }
  await busy();
  state.isOver = true;
  const written = await loading;
  t.diagnostic(
    `${state.answered} requests answered, ${state.failures} sent again after a connection was refused or reset`,
  );
  assert.ok(state.failures > 0, 'no client met a server that was stopped');
  const [last = door] = doors;
  for (const [client, writes] of written.entries()) await assertKept(last, customers[client] ?? '', writes);
  const verified = await seatledger(['verify', ...args]);
  assert.equal(verified.exitCode, 0, verified.stderr);
});
