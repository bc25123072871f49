/** A data folder without room: changes are refused and say why, reads go on, nothing is damaged, and with room it goes on. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { permissions } from '@seatledger/contract';
import {
  type App,
  createApp,
  type Product,
  seatledger,
  startCommand,
  startServer,
  temporaryFolder,
} from '../product.ts';

const writesMax = 2000;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

interface Client {
  readonly app: App;
  readonly ask: (
    method: string,
    path: string,
    init?: { body?: string; headers?: Record<string, string> },
  ) => Promise<Answer>;
  readonly addLine: (key: string) => Promise<Answer>;
}

async function clientOf(server: Product, app: App): Promise<Client> {
  const token = await server.token(app);
  const client: Client = {
    app,
    async ask(method, path, { body, headers = {} } = {}) {
      const answer = await fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    addLine: (key) =>
      client.ask('POST', '/customers/contoso/lines', {
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({
          // A customer has so many lines of one product at the most, and a line is not short.
          productType: [1, 4, 2048][Number(key.split('-')[1]) % 3],
          seats: 1,
          source: key,
          details: { subscriptionName: 'x'.repeat(200) },
        }),
      }),
  };
  return client;
}

/** Writes until there is no room; answers the keys that were acknowledged and the one that was refused. */
async function fill({ addLine }: Client): Promise<{ kept: readonly string[]; refused: string }> {
  const kept: string[] = [];
  for (let number = 0; number < writesMax; number++) {
    const key = `key-${number}`;
    const { status, body } = await addLine(key);
    if (status === 507) {
      assert.equal(body['code'], 'storage_full');
      return { kept, refused: key };
    }
    assert.equal(status, 201, JSON.stringify(body));
    kept.push(key);
  }
  return assert.fail('there was room for everything');
}

const file = `customerId,productType,seats\n${Array.from({ length: 5000 }, (_, index) => `customer-${index},2048,1`).join('\n')}\n`;

async function assertOnlyReads(server: Product, client: Client, kept: readonly string[]): Promise<void> {
  assert.deepEqual(await sourcesOf(client), kept);
  await server.token(client.app);
  const imported = await client.ask('POST', '/import', {
    headers: { 'content-type': 'text/csv' },
    body: file,
  });
  assert.deepEqual([imported.status, imported.body['code']], [507, 'storage_full']);
  assert.equal((await client.ask('GET', '/customers/customer-0')).status, 404);
}

/** The sources of all lines, in the order in which they came. */
async function sourcesOf({ ask }: Client): Promise<readonly unknown[]> {
  const lines: { lineId: number; source: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { status, body } = await ask('GET', `/customers/contoso/lines?limit=1000${next}`);
    assert.equal(status, 200, JSON.stringify(body));
    lines.push(...(body['data'] as typeof lines));
    cursor = body['nextCursor'] as string | null;
  }
  return lines.toSorted((one, other) => one.lineId - other.lineId).map(({ source }) => source);
}

async function assertWhole(folder: string): Promise<void> {
  const { exitCode, stderr } = await seatledger(['verify', '--data', folder]);
  assert.equal(exitCode, 0, stderr);
}

test('a server on a full disk refuses changes with 507, answers reads, and goes on once there is room', async () => {
  await using folder = await temporaryFolder();
  await using data = await temporaryFolder();
  const app = await createApp(data.path, permissions);
  const limitFile = join(folder.path, 'pages');
  const giveRoom = (pages: number) => writeFileSync(limitFile, String(pages));
  giveRoom(1_000_000);
  await using server = await startServer(['--data', data.path], {
    NODE_OPTIONS: `--import ${new URL('./limitedPages.ts', import.meta.url).href}`,
    PAGES_MAX_FILE: limitFile,
  });
  const client = await clientOf(server, app);
  const customer = { headers: { 'content-type': 'application/json' }, body: '{"customerId":"contoso"}' };
  assert.equal((await client.ask('POST', '/customers', customer)).status, 201);
  // As many as it has.
  giveRoom(1);
  const { kept, refused } = await fill(client);
  await assertOnlyReads(server, client, kept);
  await assertWhole(data.path);
  giveRoom(1_000_000);
  for (let time = 0; time < 2; time++) assert.equal((await client.addLine(refused)).status, 201);
  assert.deepEqual(await sourcesOf(client), [...kept, refused]);
  await assertWhole(data.path);
});

test('a server whose files may not grow refuses changes with 507, answers reads, and its store is whole', async () => {
  await using data = await temporaryFolder();
  const app = await createApp(data.path, permissions);
  const args = ['--data', data.path];
  await using first = await startServer(args, {}, ['/bin/sh', '-c', 'ulimit -f 1500 && exec "$@"', 'sh']);
  const client = await clientOf(first, app);
  const customer = { headers: { 'content-type': 'application/json' }, body: '{"customerId":"contoso"}' };
  assert.equal((await client.ask('POST', '/customers', customer)).status, 201);
  const { kept, refused } = await fill(client);
  await assertOnlyReads(first, client, kept);
  await assertWhole(data.path);
  await first.kill();
  await using second = await startServer(args);
  const again = await clientOf(second, app);
  assert.deepEqual(await sourcesOf(again), kept);
  assert.equal((await again.addLine(refused)).status, 201);
  assert.deepEqual(await sourcesOf(again), [...kept, refused]);
  await assertWhole(data.path);
});

test('a server that starts where there is no room says so, and starts once there is some', async () => {
  await using data = await temporaryFolder();
  const args = ['--data', data.path];
  const starting = startCommand(['serve', '--json', '--port', '0', ...args], {}, [
    '/bin/sh',
    '-c',
    'ulimit -f 8 && exec "$@"',
    'sh',
  ]);
  const { exitCode, stderr } = await starting.ended;
  assert.deepEqual([exitCode, JSON.parse(stderr).code], [1, 'storage_full']);
  await using server = await startServer(args);
  assert.equal((await fetch(`${server.url}/openapi.json`)).status, 200);
});
