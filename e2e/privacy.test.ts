/** What names a person is sent everywhere that something can be sent, and looked for in the log, which has one line for each request. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  createDatabase,
  type Postgres,
  queryDatabase,
  startPostgres,
  type TestDatabase,
} from '../packages/server/src/testing/postgres.ts';
import {
  type App,
  createApp,
  type Product,
  seatledger,
  startProduct,
  startServer,
  temporaryFolder,
} from './product.ts';

/** In every form in which it can stand in a path, a query, a header or a body. */
const mark = 'ada.lovelace-marked';
const person = `${mark}@example.org`;
const all = ['seatledger.admin', 'seatledger.read', 'seatledger.write', 'elements.license.read.all'] as const;

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly requestId?: string;
  readonly operation?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly clientId?: string;
  readonly code?: string;
  readonly fault?: string;
}

function linesOf(log: string): readonly Line[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** A request for each place that a caller fills, by the id that it is given. */
async function askEverywhere(product: Product, app: App): Promise<ReadonlyMap<string, number>> {
  const token = await product.token(app);
  const statuses = new Map<string, number>();
  let count = 0;
  async function ask(
    path: string,
    { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<void> {
    const id = `asked-${++count}`;
    const bearer = { authorization: `Bearer ${token}`, 'request-id': id };
    const answer = await fetch(product.url + path, { ...init, headers: { ...bearer, ...headers } });
    await answer.arrayBuffer();
    assert.equal(answer.headers.get('request-id'), id);
    statuses.set(id, answer.status);
  }
  const json = (method: string, body: unknown) => ({
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const encoded = encodeURIComponent(person);
  const customer = '/api/v1/customers/contoso';

  await ask(
    '/api/v1/customers',
    json('POST', { customerId: 'contoso', organization: person, ownerEmail: person }),
  );
  await ask(
    `${customer}/lines`,
    json('POST', { productType: 2048, seats: 3, source: person, externalId: person }),
  );
  await ask(
    `${customer}/assignments`,
    json('POST', { productType: 2048, users: [person, `other-${person}`] }),
  );
  await ask(`${customer}/assignments?user=${encoded}`);
  await ask(`${customer}/assignments?productType=2048&cursor=${encoded}`);
  await ask(`${customer}/assignments/release`, json('POST', { productType: 2048, users: [person] }));
  await ask(`${customer}/users/erase`, json('POST', { user: person }));
  await ask(`/api/v1/customers/${mark}`);
  await ask(`/api/v1/customers/${encoded}`);
  await ask(`/nowhere/${encoded}?user=${encoded}`);
  await ask(`/api/v1/seats?customer=${encoded}`);
  await ask('/api/v1/groups', json('POST', { name: person }));
  await ask('/api/v1/apps', json('POST', { name: person, permissions: ['seatledger.read'] }));
  await ask('/api/v1/groups', { ...json('POST', {}), body: `{"name": ${person}` });
  await ask('/api/v1/groups', json('POST', { [person]: person }));
  await ask('/api/v1/seats', {
    headers: { 'user-agent': person, cookie: person, referer: `https://x/${person}` },
  });
  await ask('/api/v1/seats', {
    headers: { 'x-forwarded-for': person, from: person, 'idempotency-key': person },
  });
  await ask('/api/v1/groups', {
    ...json('POST', { name: 'x' }),
    headers: { 'content-type': 'application/json', 'change-reason': encoded },
  });
  await ask('/api/v1/seats', { headers: { authorization: `Bearer ${mark}` } });
  await ask('/api/v1/seats', {
    headers: { authorization: `Basic ${Buffer.from(`${person}:x`).toString('base64')}` },
  });
  await ask('/connect/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: person, client_secret: person }),
  });
  await ask('/api/v1/import', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: `customerId,productType,seats,organization\n${person},2048,1,${person}\n`,
  });
  await ask('/partner/external/v3/general/customers/batch', json('POST', { search: person }));
  await ask('/partner/external/v3/general/customers', {
    ...json('POST', { firstName: person, lastName: person, registrationAccount: person }),
  });
  await ask('/docs/reference.js', { method: 'DELETE' });
  return statuses;
}

async function assertLog(
  log: string,
  statuses: ReadonlyMap<string, number>,
  clientId: string,
): Promise<void> {
  assert.doesNotMatch(
    log,
    new RegExp(`${mark}|lovelace|${Buffer.from(person).toString('base64').slice(0, 20)}`, 'i'),
  );
  const lines = linesOf(log).filter(({ msg }) => msg === 'request');
  for (const [id, status] of statuses) {
    const [line, ...others] = lines.filter(({ requestId }) => requestId === id);
    assert.ok(line !== undefined && others.length === 0, `${id} has one line`);
    assert.equal(line.status, status);
    assert.equal(typeof line.operation, 'string');
    assert.ok((line.durationMs ?? -1) >= 0);
    if (line.clientId !== undefined) assert.equal(line.clientId, clientId);
    assert.equal(
      line.code !== undefined,
      status >= 400 && line.operation !== 'issueToken',
      JSON.stringify(line),
    );
  }
  assert.ok(lines.some((line) => line.clientId === clientId && line.operation === 'getCustomer'));
}

describe('the log of a server on a data folder', () => {
  test('has a line for each request, with its id, and nothing that names a person', async () => {
    await using folder = await temporaryFolder();
    const app = await createApp(folder.path, [...all]);
    const product = await startProduct(folder.path, { environment: { LOG_LEVEL: 'debug' } });
    const statuses = await askEverywhere(product, app);
    // Not even what the parser refuses.
    const { hostname, port } = new URL(product.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.end(`GET /${person} HTTP/1.1\r\n${person}\r\n\r\n`);
    socket.resume();
    await once(socket, 'close');
    const { stderr } = await product.stop();
    await assertLog(stderr, statuses, app.clientId);
    assert.ok(linesOf(stderr).some(({ operation, status }) => operation === 'none' && status === 400));
  });

  test('has at the default level nothing of requests that went well', async () => {
    await using folder = await temporaryFolder();
    const product = await startProduct(folder.path);
    await (await fetch(`${product.url}/openapi.json`)).arrayBuffer();
    assert.equal((await product.stop()).stderr, '');
  });

  test('has successful probes only for who looks for everything', async () => {
    for (const [level, lines] of [
      ['info', 1],
      ['debug', 3],
    ] as const) {
      await using folder = await temporaryFolder();
      const product = await startProduct(folder.path, { environment: { LOG_LEVEL: level } });
      for (const path of ['/livez', '/readyz', '/openapi.json'])
        await (await fetch(product.url + path)).arrayBuffer();
      const { stderr } = await product.stop();
      assert.equal(linesOf(stderr).filter(({ msg }) => msg === 'request').length, lines, stderr);
    }
  });
});

describe('the log of a server on a database', () => {
  let postgres: Postgres;
  let database: TestDatabase;
  before(async () => {
    postgres = await startPostgres();
    database = await createDatabase(postgres);
  });
  after(async () => {
    await database.drop();
    await postgres.stop();
  });

  test('has nothing that names a person either, also where the database quotes the row that it refuses', async () => {
    const environment = {
      DATABASE_URL: database.url,
      SEATLEDGER_KEY: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'debug',
    };
    const product = await startServer([], environment);
    const created = await seatledger(
      ['app', 'create', '--json', '--name', 'test', '--database-url', '--permission', ...all],
      { environment },
    );
    assert.equal(created.exitCode, 0, created.stderr);
    const app = JSON.parse(created.stdout) as App;
    const statuses = await askEverywhere(product, app);
    await queryDatabase(
      database.url,
      "delete from assignments; delete from users; alter table users add constraint nobody check (address not like '%refused%')",
    );
    const answer = await fetch(`${product.url}/api/v1/customers/contoso/assignments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await product.token(app)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ productType: 2048, users: [`refused-${person}`] }),
    });
    assert.equal(answer.status, 500);
    const { stderr } = await product.stop();
    await assertLog(stderr, statuses, app.clientId);
    assert.match(stderr, /"code":"23514"/);
  });
});
