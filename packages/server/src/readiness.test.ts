/** Whether a server is ready is answered soon whatever its database does, and looked at seldom however often it is asked. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ProblemError } from '@seatledger/contract';
import { type RunningServer, startServer } from './app.ts';
import { watchReadiness } from './readiness.ts';
import { testConfig } from './testing/config.ts';
import { type DatabaseProxy, openDatabaseProxy } from './testing/databaseProxy.ts';
import {
  createDatabase,
  type Postgres,
  queryDatabase,
  startPostgres,
  type TestDatabase,
} from './testing/postgres.ts';
import { until } from './testing/until.ts';

let postgres: Postgres;
let database: TestDatabase;
let proxy: DatabaseProxy;
let server: RunningServer;
const temporaryFolder = mkdtempSync(join(tmpdir(), 'seatledger-'));

before(async () => {
  postgres = await startPostgres();
  database = await createDatabase(postgres);
  proxy = await openDatabaseProxy(database.url);
  const encryptionKey = randomBytes(32).toString('base64');
  server = await startServer(
    testConfig({
      place: { kind: 'database', url: proxy.url, encryptionKey, temporaryFolder },
      metrics: { host: '127.0.0.1', port: 0 },
    }),
  );
});
after(async () => {
  proxy.restore();
  await server.stop();
  await proxy.close();
  await database.drop();
  await postgres.stop();
  await rm(temporaryFolder, { recursive: true, force: true });
});

async function asked(url = server.url): Promise<{ status: number; code: unknown; ms: number }> {
  const beganAt = performance.now();
  const answer = await fetch(`${url}/readyz`);
  const { status, code } = (await answer.json()) as { status: unknown; code?: unknown };
  assert.equal(answer.status === 200, status === 'ready');
  assert.equal(answer.headers.get('retry-after'), answer.status === 503 ? '1' : null);
  return { status: answer.status, code, ms: performance.now() - beganAt };
}
const status = async () => (await asked()).status;

/** Keys are rows too; which of the two is missed first depends on what hangs first. */
const codesOfAway: readonly unknown[] = ['store_unreachable', 'rights_unverified'];
/** How long sessions that hung may take to be given up. */
const recoveryMs = 60_000;
/** Bounded so that whoever asks within a second gets an answer; the machine of the tests gets some more. */
const boundMs = 3000;

describe('a server whose database', () => {
  test('answers is ready', async () => {
    assert.equal((await asked()).status, 200);
    assert.equal((await asked(server.metricsUrl)).status, 200);
  });

  for (const how of ['cut', 'freeze'] as const) {
    test(`is away (${how}) says so within its bound, lives, and is ready once it is back`, async () => {
      proxy[how]();
      try {
        await until(status, 503);
        for (let times = 0; times < 5; times++) {
          const { code, ms } = await asked();
          assert.ok(codesOfAway.includes(code), String(code));
          assert.ok(ms < boundMs, `${ms} ms`);
        }
        const { code, ms } = await asked(server.metricsUrl);
        assert.ok(codesOfAway.includes(code), String(code));
        assert.ok(ms < boundMs, `${ms} ms`);
        assert.equal((await fetch(`${server.url}/livez`)).status, 200);
        const metrics = await (await fetch(`${server.metricsUrl}/metrics`)).text();
        assert.match(metrics, /^seatledger_ready 0$/m);
        assert.doesNotMatch(metrics, /^seatledger_event_sequence/m);
      } finally {
        proxy.restore();
      }
      await until(status, 200, recoveryMs);
    });
  }

  test('lacks the schema is not ready until it has it', async () => {
    await queryDatabase(database.url, 'alter table schema_migrations rename to elsewhere');
    try {
      await until(status, 503);
    } finally {
      await queryDatabase(database.url, 'alter table elsewhere rename to schema_migrations');
    }
    await until(status, 200);
    await queryDatabase(database.url, 'update schema_migrations set version = version - 1');
    await until(status, 503);
    // That of a later version, which its own servers have brought, keeps nobody from answering.
    await queryDatabase(database.url, 'update schema_migrations set version = version + 2');
    await until(status, 200);
    await queryDatabase(database.url, 'update schema_migrations set version = version - 1');
    await until(status, 200);
  });
});

describe('however often it is asked', () => {
  function readinessOf(look: () => Promise<void>) {
    let now = 0;
    let looks = 0;
    const readiness = watchReadiness({
      async probe() {
        looks++;
        await look();
        return { isMigrated: true, events: 7 };
      },
      requireKeys: () => Promise.resolve(),
      monotonicMs: () => now,
    });
    return { readiness, looks: () => looks, pass: (ms: number) => (now += ms) };
  }

  test('the store is looked at twice a second at the most', async () => {
    const { readiness, looks, pass } = readinessOf(() => Promise.resolve());
    for (let ms = 0; ms < 10_000; ms++) {
      await readiness.require();
      pass(1);
    }
    assert.equal(looks(), 20);
    assert.deepEqual(await readiness.probe(), { isMigrated: true, events: 7 });
  });

  test('those who ask while it is looked at wait for one look, and a failure is told to all and for as long', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const { readiness, looks, pass } = readinessOf(() => promise);
    const waiting = Array.from({ length: 100 }, () => readiness.require());
    pass(600);
    waiting.push(readiness.require());
    reject(new Error('away'));
    for (const one of waiting) await assert.rejects(one, { code: 'store_unreachable' });
    assert.equal(looks(), 1);
    assert.equal(await readiness.probe(), undefined);
  });
});

test('a server that cannot read its keys is not ready', async () => {
  const readiness = watchReadiness({
    probe: () => Promise.resolve({ isMigrated: true, events: 0 }),
    requireKeys: () => Promise.reject(new ProblemError('rights_unverified')),
    monotonicMs: () => 0,
  });
  await assert.rejects(readiness.require(), { code: 'rights_unverified' });
});
