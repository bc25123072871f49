/** A database that goes away under a running server: what its probes say, and what its log has of a thousand requests that met it. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type DatabaseProxy, openDatabaseProxy } from '../packages/server/src/testing/databaseProxy.ts';
import {
  createDatabase,
  type Postgres,
  startPostgres,
  type TestDatabase,
} from '../packages/server/src/testing/postgres.ts';
import { until } from '../packages/server/src/testing/until.ts';
import { type App, seatledger, startServer } from './product.ts';

let postgres: Postgres;
let database: TestDatabase;
let proxy: DatabaseProxy;
before(async () => {
  postgres = await startPostgres();
  database = await createDatabase(postgres);
  proxy = await openDatabaseProxy(database.url);
});
after(async () => {
  await proxy.close();
  await database.drop();
  await postgres.stop();
});

interface Line {
  readonly msg: string;
  readonly fault?: string;
  readonly count?: number;
}

/** How long it is until a fault that is not met any more is over, and some more. */
const overMs = 30_000;

test('a fault has one line when it begins and one when it is over, however many requests meet it', async () => {
  const environment = { DATABASE_URL: proxy.url, SEATLEDGER_KEY: randomBytes(32).toString('base64') };
  const server = await startServer([], environment);
  let log = '';
  server.process.stderr.on('data', (text: string) => (log += text));
  const faults = (msg: string) =>
    log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line)
      .filter((line) => line.msg === msg);
  const created = await seatledger(
    ['app', 'create', '--json', '--name', 'test', '--database-url', '--permission', 'seatledger.read'],
    { environment: { ...environment, DATABASE_URL: database.url } },
  );
  assert.equal(created.exitCode, 0, created.stderr);
  const token = await server.token(JSON.parse(created.stdout) as App);
  assert.equal(await server.statusFor(token), 200);
  const ready = async () => (await fetch(`${server.url}/readyz`)).status;
  assert.equal(await ready(), 200);

  proxy.cut();
  await until(ready, 503);
  await until(() => server.statusFor(token), 503);
  for (let round = 0; round < 50; round++) {
    const statuses = await Promise.all(Array.from({ length: 20 }, () => server.statusFor(token)));
    assert.deepEqual([...new Set(statuses)], [503]);
  }
  const begun = faults('a fault began').map(({ fault = '' }) => fault);
  assert.equal(new Set(begun).size, begun.length, log);
  assert.ok(begun.includes('rights_unverified') && begun.includes('store_unreachable'));

  proxy.restore();
  await until(ready, 200);
  await until(() => server.statusFor(token), 200);
  await until(async () => faults('a fault is over').length, begun.length, overMs);
  assert.deepEqual(
    faults('a fault is over')
      .map(({ fault = '' }) => fault)
      .toSorted((one, other) => one.localeCompare(other)),
    begun.toSorted((one, other) => one.localeCompare(other)),
  );
  const met = faults('a fault is over').find(({ fault }) => fault === 'rights_unverified');
  assert.ok((met?.count ?? 0) >= 1000);
  assert.equal((await server.stop()).exitCode, 0);
});
