/** Streams of several processes on one database: what one records, every other tells, without a gap or a double, and to those alone who may. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { permissions, type EventsPage, type RecordedEvent } from '@seatledger/contract';
import fc from 'fast-check';
import { type RunningServer, startServer } from './app.ts';
import { readServeConfig } from './config.ts';
import { openOperatorStore } from './operatorStore.ts';
import { runs } from './testing/campaign.ts';
import { type DatabaseProxy, openDatabaseProxy } from './testing/databaseProxy.ts';
import { openStream } from './testing/eventStream.ts';
import { createDatabase, type Postgres, startPostgres, type TestDatabase } from './testing/postgres.ts';
import { withSecret } from './testing/server.ts';

const encryptionKey = randomBytes(32).toString('base64');
let postgres: Postgres;
let database: TestDatabase;
let proxy: DatabaseProxy;
let near: RunningServer;
let far: RunningServer;
let temporaryFolder: string;
let admin: { clientId: string; clientSecret: string };
let token: string;

before(async () => {
  postgres = await startPostgres();
  database = await createDatabase(postgres);
  proxy = await openDatabaseProxy(database.url);
  temporaryFolder = mkdtempSync(join(tmpdir(), 'seatledger-'));
  const store = await openOperatorStore({ databaseUrl: database.url });
  await store.createPartner('one');
  admin = withSecret(await store.createApp({ name: 'admin', permissions: [...permissions] }));
  await store.close();
  const start = (url: string, publicUrl?: string) =>
    startServer({
      ...readServeConfig({ databaseUrl: url, port: '0', publicUrl, rateLimit: '0' }, {}),
      place: { kind: 'database', url, encryptionKey, temporaryFolder },
      logLevel: 'error',
    });
  near = await start(database.url);
  // One issuer for both, as behind one load balancer.
  far = await start(proxy.url, near.url);
  token = await tokenOf(admin);
});
after(async () => {
  proxy.restore();
  await far.stop();
  await near.stop();
  await proxy.close();
  await database.drop();
  await postgres.stop();
  rmSync(temporaryFolder, { recursive: true, force: true });
});

async function tokenOf({ clientId, clientSecret }: typeof admin): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const answer = await fetch(`${near.url}/connect/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function manage<Body>(url: string, method: string, path: string, body?: object): Promise<Body> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'if-match': '*',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return JSON.parse(text) as Body;
}
const headOf = async () => (await manage<{ sequence: number }>(near.url, 'GET', '/events/head')).sequence;
let customers = 0;
const addCustomer = (url: string) =>
  manage(url, 'POST', '/customers', { customerId: `customer-${(customers += 1)}` });

describe('a stream of one process', () => {
  test('has what another process records within a second of its commit', async () => {
    const stream = await openStream(far.url, { token });
    await stream.next();
    for (let index = 0; index < 3; index++) {
      await addCustomer(near.url);
      const recordedAt = performance.now();
      await stream.events(1);
      assert.ok(performance.now() - recordedAt < 1000);
    }
    stream.close();
  });

  test('goes on with what another process told last, each event once, while both write', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isNear: fc.boolean(), count: fc.nat({ max: 6 }) }), {
          minLength: 2,
          maxLength: 6,
        }),
        async (readings) => {
          const from = await headOf();
          const written = 24;
          const writing = Promise.all(
            [near, far].map(async ({ url }) => {
              for (let index = 0; index < written / 2; index += 3)
                await Promise.all([addCustomer(url), addCustomer(url), addCustomer(url)]);
            }),
          );
          const events: RecordedEvent[] = [];
          let lastEventId = from;
          for (const { isNear, count } of readings) {
            const stream = await openStream((isNear ? near : far).url, { token, lastEventId });
            assert.equal(stream.status, 200);
            events.push(...(await stream.events(Math.min(count, written - events.length))));
            lastEventId = stream.lastId ?? lastEventId;
            stream.close();
          }
          const rest = await openStream(far.url, { token, lastEventId });
          events.push(...(await rest.events(written - events.length)));
          rest.close();
          await writing;
          const listed = await manage<EventsPage>(near.url, 'GET', `/events?after=${from}&limit=1000`);
          assert.deepEqual(events, listed.data);
        },
      ),
      { numRuns: runs(8) },
    );
  });

  for (const [when, end] of [
    [
      'disables its app',
      (clientId: string) => manage(near.url, 'PATCH', `/apps/${clientId}`, { disabled: true }),
    ],
    [
      'takes its permission',
      (clientId: string) =>
        manage(near.url, 'PATCH', `/apps/${clientId}`, { permissions: ['seatledger.write'] }),
    ],
  ] as const) {
    test(`ends within a second after another process ${when}`, async () => {
      const app = await manage<typeof admin>(near.url, 'POST', '/apps', {
        name: 'app',
        permissions: ['seatledger.read'],
      });
      const stream = await openStream(far.url, { token: await tokenOf(app) });
      assert.equal(stream.status, 200);
      await end(app.clientId);
      const endedAt = performance.now();
      await stream.ended();
      assert.ok(performance.now() - endedAt < 1000);
    });
  }

  test('ends where its database is away, and goes on once it is back', async () => {
    const stream = await openStream(far.url, { token });
    await stream.next();
    proxy.cut();
    await stream.ended();
    await addCustomer(near.url);
    const head = await headOf();
    proxy.restore();
    for (;;) {
      const again = await openStream(far.url, { token, lastEventId: head - 1 });
      if (again.status !== 200) {
        again.close();
        continue;
      }
      assert.equal((await again.events(1))[0]?.sequence, head);
      again.close();
      break;
    }
  });
});
