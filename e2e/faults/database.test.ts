/** A server whose database goes away: it says so, answers nothing that is wrong, and goes on by itself once the database is back. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { permissions } from '@seatledger/contract';
import { type DatabaseProxy, openDatabaseProxy } from '../../packages/server/src/testing/databaseProxy.ts';
import {
  createDatabase,
  type OwnPostgres,
  queryDatabase,
  startOwnPostgres,
  type TestDatabase,
} from '../../packages/server/src/testing/postgres.ts';
import { type App, type Product, seatledger, startServer } from '../product.ts';

let postgres: OwnPostgres;
let database: TestDatabase;
let proxy: DatabaseProxy;
let server: Product;
let app: App;
let token: string;
let lastKey = 0;

before(async () => {
  postgres = await startOwnPostgres();
  database = await createDatabase(postgres);
  proxy = await openDatabaseProxy(database.url);
  const args = ['--database-url', proxy.url];
  const create = ['app', 'create', '--json', '--name', 'test', '--permission', ...permissions, ...args];
  const created = await seatledger(create);
  assert.equal(created.exitCode, 0, created.stderr);
  app = JSON.parse(created.stdout);
  server = await startServer(args, { SEATLEDGER_KEY: randomBytes(32).toString('base64') });
  token = await server.token(app);
  assert.equal((await ask('POST', '/customers', { body: { customerId: 'contoso' } })).status, 201);
  assert.equal((await addLine(nextKey())).status, 201);
});
after(async () => {
  await server.stop();
  await proxy.close();
  await postgres.stop();
});
// What each fault left is proved by what the store says of itself.
afterEach(async () => {
  const { exitCode, stderr } = await seatledger(['verify', '--database-url', database.url]);
  assert.equal(exitCode, 0, stderr);
});

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly retryAfter: string | null;
  readonly body: Record<string, unknown>;
}

async function ask(
  method: string,
  path: string,
  { body, key }: { body?: object; key?: string } = {},
): Promise<Answer> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const told = (await answer.json()) as Record<string, unknown>;
  return {
    status: answer.status,
    code: told['code'],
    retryAfter: answer.headers.get('retry-after'),
    body: told,
  };
}
const nextKey = () => `key-${++lastKey}`;
const addLine = (key: string) =>
  ask('POST', '/customers/contoso/lines', { body: { productType: 2048, seats: 1, source: key }, key });
const readSeats = () => ask('GET', '/customers/contoso/seats/2048');

/** What the database holds, told by itself. */
async function linesOf(source: string): Promise<number> {
  const [row] = await queryDatabase(
    database.url,
    `select count(*) as count from lines where source = '${source}'`,
  );
  return Number(row?.['count']);
}

/** Of a store that is away nobody is told anything but that, and when to come again. */
function assertAway({ status, code, retryAfter }: Answer): void {
  assert.equal(status, 503, String(code));
  assert.ok(code === 'store_unreachable' || code === 'rights_unverified', String(code));
  assert.match(retryAfter ?? '', /^[1-9]\d*$/);
}

/** Asks until it is answered with this status; everything before says that the store is away. */
async function becomes(status: number, send: () => Promise<Answer>): Promise<Answer> {
  for (const endsAtMs = performance.now() + 60_000; ; await pause(50)) {
    const answer = await send();
    if (answer.status === status) return answer;
    assertAway(answer);
    assert.ok(performance.now() < endsAtMs, `it stays ${answer.status} ${String(answer.code)}`);
  }
}

/** Has the fault come, sees it told, ends it, and sees the server go on without being started anew. */
async function outlast(fault: { begin(): unknown; end(): unknown }): Promise<void> {
  const earlier = await becomes(200, readSeats);
  const key = nextKey();
  await fault.begin();
  try {
    assertAway(await readSeats());
    assertAway(await addLine(key));
    assertAway(await readSeats());
  } finally {
    await fault.end();
  }
  // The number of before, and never another: nothing was written, or the one line that nobody got an answer of.
  const seats = (await becomes(200, readSeats)).body['purchased'] as number;
  const written = await linesOf(key);
  assert.equal(seats, (earlier.body['purchased'] as number) + written);
  await becomes(201, () => addLine(key));
  assert.equal(await linesOf(key), 1);
}

describe('a server says 503 with Retry-After, answers nothing wrong and goes on by itself', () => {
  test('where its database is stopped and started again', () =>
    outlast({ begin: () => postgres.halt('stop'), end: () => postgres.resume() }));

  test('where its database crashes and recovers', () =>
    outlast({ begin: () => postgres.halt('crash'), end: () => postgres.resume() }));

  test('where its connections are cut and no new one is let through', () =>
    outlast({ begin: () => proxy.cut(), end: () => proxy.restore() }));

  test('where its database takes what is sent and says nothing', () =>
    outlast({ begin: () => proxy.freeze(), end: () => proxy.restore() }));

  test('where its database takes it in no more', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await outlast({
      begin: async () => {
        await queryDatabase(postgres.url, `alter database ${name} with allow_connections false`);
        await queryDatabase(
          postgres.url,
          `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`,
        );
      },
      end: () => queryDatabase(postgres.url, `alter database ${name} with allow_connections true`),
    });
  });
});

test('a session that is ended under a request costs its caller nothing', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const keys = Array.from({ length: 40 }, nextKey);
  const writing = Promise.all(keys.map((key) => becomes(201, () => addLine(key))));
  for (let time = 0; time < 5; time++) {
    await queryDatabase(
      postgres.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name = 'seatledger'`,
    );
  }
  await writing;
  for (const key of keys) assert.equal(await linesOf(key), 1, key);
});

test('where its database is made read-only, changes are refused and reads go on, tokens too', async () => {
  const name = new URL(database.url).pathname.slice(1);
  const setReadOnly = async (value: 'on' | 'off') => {
    await queryDatabase(postgres.url, `alter database ${name} set default_transaction_read_only = ${value}`);
    // Sessions have what was set when they began.
    await queryDatabase(
      postgres.url,
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${name}'`,
    );
  };
  const key = nextKey();
  const { purchased } = (await readSeats()).body;
  await setReadOnly('on');
  try {
    await becomes(200, readSeats);
    assertAway(await addLine(key));
    assert.equal((await readSeats()).body['purchased'], purchased);
    await server.token(app);
  } finally {
    await setReadOnly('off');
  }
  await becomes(201, () => addLine(key));
  assert.equal(await linesOf(key), 1);
});

test('a write whose answer was lost was made once, and sent again it is told and not made again', async () => {
  for (let time = 0; time < 5; time++) {
    const key = nextKey();
    proxy.loseAnswerTo('commit\0');
    const lost = await addLine(key);
    assertAway(lost);
    assert.equal(lost.code, 'store_unreachable');
    assert.equal(await linesOf(key), 1);
    const again = await becomes(201, () => addLine(key));
    assert.equal(again.body['source'], key);
    assert.equal(await linesOf(key), 1);
  }
});
