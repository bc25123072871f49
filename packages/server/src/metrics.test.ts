/** What the server counts is what its callers saw. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, describe, test } from 'node:test';
import { operations } from '@seatledger/contract';
import fc from 'fast-check';
import { exchange } from './testing/answers.ts';
import { testEngine } from './testing/engine.ts';
import { type ReadFamily, readExposition } from './testing/exposition.ts';
import { lastEvent, sendAs } from './testing/send.ts';
import { startTestServer, type TestApp } from './testing/server.ts';
import { until } from './testing/until.ts';

const server = await startTestServer({ metrics: { host: '127.0.0.1', port: 0 } });
after(() => server.stop());
const admin = await sendAs(server, server.admin);
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\n');

async function metrics(): Promise<ReadonlyMap<string, ReadFamily>> {
  const answer = await fetch(`${server.metricsUrl}/metrics`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  return readExposition(await answer.text());
}

/** The value of the series with these labels; 0 where there is none. */
async function value(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const family =
    (await metrics()).get(name.replace(/_(?:count|sum|bucket)$/, '')) ?? (await metrics()).get(name);
  const found = family?.samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
  );
  return (found ?? []).reduce((sum, sample) => sum + sample.value, 0);
}

/** Requests by operation and status. */
async function counted(): Promise<ReadonlyMap<string, number>> {
  const { samples = [] } = (await metrics()).get('seatledger_http_requests_total') ?? {};
  return new Map(
    samples.map(({ labels, value: count }) => [`${labels['operation']} ${labels['status']}`, count]),
  );
}

/** A request that anybody could send, and what it is counted as. */
const requests: readonly (readonly [as: string, send: () => Promise<Response>])[] = [
  ['getSeats 200', () => admin('GET', '/api/v1/customers/contoso/seats/2048')],
  ['getSeats 404', () => admin('GET', '/api/v1/customers/nobody/seats/2048')],
  ['getSeats 401', () => fetch(`${server.url}/api/v1/customers/contoso/seats/2048`)],
  ['getSeats 200', () => admin('HEAD', '/api/v1/customers/contoso/seats/2048')],
  ['getOpenApiDocument 200', () => fetch(`${server.url}/openapi.json`)],
  ['listSeats 200', () => admin('GET', '/api/v1/seats')],
  ['createGroup 400', () => admin('POST', '/api/v1/groups', { body: {} })],
  ['none 404', () => fetch(`${server.url}/nowhere/${Math.random()}`)],
  ['none 405', () => fetch(`${server.url}/openapi.json`, { method: 'DELETE' })],
  ['none 400', () => fetch(`${server.url}/api/v1/apps/%ff`)],
  ['none 414', () => fetch(`${server.url}/api/v1/apps/${'a'.repeat(300)}`)],
  ['issueToken 400', () => fetch(`${server.url}/connect/token`, { method: 'POST' })],
  ['getLiveness 200', () => fetch(`${server.url}/livez`)],
  ['none 400', () => exchange(server.url, 'nonsense\r\n\r\n').then(() => new Response())],
];

describe('requests are counted', () => {
  test('each once, by its operation and its status, in whatever mix and however many at once', async () => {
    const mix = fc.array(fc.nat(requests.length - 1), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(mix, async (indexes) => {
        const before = await counted();
        const sent = indexes.map((index) => requests[index]).filter((one) => one !== undefined);
        await Promise.all(
          sent.map(async ([, send]) => {
            await (await send()).arrayBuffer();
          }),
        );
        const expected = new Map(before);
        for (const [as] of sent) expected.set(as, (expected.get(as) ?? 0) + 1);
        await until(counted, expected);
        assert.equal(await value('seatledger_http_requests_underway'), 0);
        const { samples = [] } = (await metrics()).get('seatledger_http_request_duration_seconds') ?? {};
        const timed = samples.filter(({ name }) => name.endsWith('_count'));
        const all = (numbers: Iterable<number>) => [...numbers].reduce((sum, count) => sum + count, 0);
        assert.equal(all(timed.map((sample) => sample.value)), all(expected.values()));
      }),
      { numRuns: 15 },
    );
  });

  test('also one whose caller is gone before the answer, and its connection is not open any more', async () => {
    const before = await value('seatledger_http_requests_total', { status: '499' });
    const connections = await value('seatledger_http_connections');
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    socket.write(
      'POST /connect/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\ng',
    );
    await until(() => value('seatledger_http_requests_underway'), 1);
    assert.ok((await value('seatledger_http_connections')) > connections);
    // Ended in order, its request would be one that is cut short, and answered so.
    socket.resetAndDestroy();
    await until(() => value('seatledger_http_requests_total', { status: '499' }), before + 1);
    assert.equal(await value('seatledger_http_requests_underway'), 0);
  });
});

describe('what is counted', () => {
  test('has no label that a caller chose, and as few values of each as the contract has', async () => {
    for (let index = 0; index < 50; index++) {
      await admin('GET', `/api/v1/customers/customer-marked-${index}`);
      await fetch(`${server.url}/marked/${index}?marked=${index}`, { headers: { marked: 'marked' } });
    }
    const families = await metrics();
    const text = JSON.stringify([...families]);
    assert.doesNotMatch(text, /marked|contoso|example/i);
    assert.equal(text.includes(server.admin.clientId), false);
    const names = new Set([...Object.keys(operations), 'none']);
    for (const { labels } of families.get('seatledger_http_requests_total')?.samples ?? []) {
      assert.ok(names.has(labels['operation'] ?? ''), JSON.stringify(labels));
      assert.match(labels['status'] ?? '', /^[1-5]\d\d$/);
    }
    const known = ['operation', 'status', 'le', 'reason', 'cache', 'result', 'purpose', 'version'];
    for (const { samples } of families.values())
      for (const { labels } of samples)
        for (const label of Object.keys(labels)) assert.ok(known.includes(label), label);
  });

  test('tells of every change in how many COMMITs it was made, and of the last event', async () => {
    const [commits, changes] = [
      await value('seatledger_commit_changes_count'),
      await value('seatledger_commit_changes_sum'),
    ];
    const sequence = await value('seatledger_event_sequence');
    const before = await lastEvent(admin);
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        admin('POST', '/api/v1/groups', { body: { name: `group ${index}` } }),
      ),
    );
    for (const answer of made) assert.equal(answer.status, 201);
    const grown = async () => (await value('seatledger_commit_changes_sum')) - changes;
    // When a credential was used is noted beside.
    assert.ok((await grown()) >= 40);
    const newCommits = (await value('seatledger_commit_changes_count')) - commits;
    assert.ok(newCommits > 0 && newCommits <= (await grown()) + 1);
    assert.equal(await value('seatledger_writer_queue_length'), 0);
    await until(
      async () => (await value('seatledger_event_sequence')) - sequence,
      (await lastEvent(admin)) - before,
    );
  });

  test('tells of requests beyond what an app may send', async () => {
    const limited = await startTestServer({ metrics: { host: '127.0.0.1', port: 0 }, rateLimit: 1 });
    try {
      const send = await sendAs(limited, limited.admin);
      const statuses: number[] = [];
      for (let index = 0; index < 20; index++)
        statuses.push((await send('GET', '/api/v1/events/head')).status);
      const refused = statuses.filter((status) => status === 429).length;
      assert.ok(refused > 0);
      const families = readExposition(await (await fetch(`${limited.metricsUrl}/metrics`)).text());
      assert.equal(families.get('seatledger_rate_limit_refusals_total')?.samples[0]?.value, refused);
    } finally {
      await limited.stop();
    }
  });

  test('tells whether what was remembered was of use', async () => {
    const hits = await value('seatledger_cache_lookups_total', { cache: 'tokens', result: 'hit' });
    const misses = await value('seatledger_cache_lookups_total', { cache: 'tokens', result: 'miss' });
    const app = await server.createApp({ permissions: ['seatledger.read'] });
    const send = await sendAs(server, app);
    for (let index = 0; index < 5; index++) assert.equal((await send('GET', '/api/v1/seats')).status, 200);
    assert.ok(
      (await value('seatledger_cache_lookups_total', { cache: 'tokens', result: 'hit' })) >= hits + 4,
    );
    assert.ok((await value('seatledger_cache_lookups_total', { cache: 'tokens', result: 'miss' })) > misses);
  });

  test('tells of sessions with a database where there is one', async () => {
    const families = await metrics();
    const purposes = families
      .get('seatledger_database_sessions_max')
      ?.samples.map(({ labels }) => labels['purpose']);
    assert.deepEqual(purposes, testEngine === 'sqlite' ? undefined : ['answers', 'changes']);
    if (testEngine === 'sqlite') return;
    for (const name of ['in_use', 'idle', 'waiting']) {
      for (const sample of families.get(`seatledger_database_sessions_${name}`)?.samples ?? [])
        assert.ok(sample.value >= 0 && sample.value <= 10);
    }
  });

  test('tells of the process, in the units that its names say', async () => {
    assert.ok((await value('process_resident_memory_bytes')) > 1e7);
    const cpu = await value('process_cpu_seconds_total');
    assert.ok(cpu > 0 && cpu < 3600);
    assert.ok(Math.abs((await value('process_start_time_seconds')) - Date.now() / 1000) < 3600);
    for (const lag of ['p99', 'max']) {
      const seconds = await value(`nodejs_eventloop_lag_${lag}_seconds`);
      assert.ok(seconds >= 0 && seconds < 60);
    }
    assert.equal(await value('seatledger_ready'), 1);
  });
});

describe('the listener of metrics', () => {
  test('has the probes too, and nothing of the API', async () => {
    for (const [path, status] of [
      ['/metrics', 200],
      ['/livez', 200],
      ['/readyz', 200],
      ['/metrics?x=1', 200],
      ['/', 404],
      ['/openapi.json', 404],
      ['/api/v1/seats', 404],
      ['/connect/token', 404],
    ] as const) {
      const answer = await fetch(server.metricsUrl + path);
      assert.equal(answer.status, status, path);
      await answer.arrayBuffer();
    }
    assert.equal((await fetch(`${server.metricsUrl}/metrics`, { method: 'POST', body: 'x' })).status, 405);
  });

  test('is the only one that metrics are on', async () => {
    assert.equal((await admin('GET', '/metrics')).status, 404);
  });
});

// Last, for this address gets no token from then on.
describe('logins', () => {
  test('that were refused are counted, and those that were not looked at', async () => {
    const wrong = { ...server.admin, clientSecret: 'wrong' };
    const log = async ({ clientId, clientSecret }: TestApp) => {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      const answer = await fetch(`${server.url}/connect/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      return answer.status;
    };
    const statuses: number[] = [];
    for (let index = 0; index < 25; index++) statuses.push(await log(wrong));
    const count = (status: number) => statuses.filter((one) => one === status).length;
    assert.equal(await value('seatledger_logins_refused_total', { reason: 'wrong' }), count(400));
    assert.equal(await value('seatledger_logins_refused_total', { reason: 'limited' }), count(429));
    assert.ok(count(429) > 0);
  });
});
