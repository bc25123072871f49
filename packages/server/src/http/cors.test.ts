import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertProblem } from '../testing/answers.ts';
import { startBareServer } from '../testing/bareServer.ts';
import { createRateLimit } from './rateLimit.ts';

const origin = 'https://console.example.com';
const access = {
  isReachedByTls: false,
  trustedProxies: [],
  corsOrigins: [origin, 'http://localhost:5173'],
};
const rateLimit = createRateLimit({ perSecond: 1, monotonicMs: () => 0 });
const [server, closed] = await Promise.all([startBareServer({ access, rateLimit }), startBareServer()]);
after(() => Promise.all([server.stop(), closed.stop()]));

const preflight = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'if-match' };
const corsHeadersOf = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));
const listed = (value: string | null) => value?.split(', ').map((name) => name.toLowerCase());

/** Requests of many kinds, each of which a page may send. */
const requests: readonly (readonly [what: string, path: string, status: number, init?: RequestInit])[] = [
  ['a success', '/guarded', 200, { headers: { authorization: 'Bearer an-app' } }],
  ['an open operation', '/open', 200],
  ['a refusal', '/guarded', 401],
  ['an unknown path', '/nowhere', 404],
  ['another method', '/open', 405, { method: 'POST' }],
  ['what the router refuses', '/%ff', 400],
];

describe('a page of an origin that may', () => {
  for (const [what, path, status, init = {}] of requests) {
    test(`reads ${what}, ${status}, and the headers that matter`, async () => {
      const headers = { ...Object.fromEntries(new Headers(init.headers)), origin };
      const answer = await fetch(server.url + path, { ...init, headers });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('access-control-allow-origin'), origin);
      assert.equal(answer.headers.get('access-control-allow-credentials'), null);
      assert.equal(answer.headers.get('vary'), 'Origin');
      assert.deepEqual(listed(answer.headers.get('access-control-expose-headers')), [
        'etag',
        'request-id',
        'ratelimit',
        'ratelimit-policy',
        'retry-after',
        'location',
      ]);
    });
  }

  test('reads that it sends too much', async () => {
    const ask = () => fetch(`${server.url}/guarded`, { headers: { authorization: 'Bearer eager', origin } });
    await ask();
    await ask();
    const answer = await ask();
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
    await assertProblem(answer, 429, 'rate_limit_exceeded');
  });

  test('is told ahead, without a token, what it may send', async () => {
    for (const from of access.corsOrigins) {
      const answer = await fetch(`${server.url}/guarded`, {
        method: 'OPTIONS',
        headers: { ...preflight, origin: from },
      });
      assert.equal(answer.status, 204);
      assert.equal(await answer.text(), '');
      const { headers } = answer;
      assert.equal(headers.get('access-control-allow-origin'), from);
      assert.equal(headers.get('access-control-allow-credentials'), null);
      assert.deepEqual(listed(headers.get('access-control-allow-headers')), [
        'authorization',
        'content-type',
        'idempotency-key',
        'if-match',
        'if-none-match',
        'change-reason',
        'api-version',
        'last-event-id',
      ]);
      for (const method of ['get', 'post', 'put', 'patch', 'delete'])
        assert.ok(listed(headers.get('access-control-allow-methods'))?.includes(method), method);
      assert.match(headers.get('access-control-max-age') ?? '', /^\d+$/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    }
  });

  test('sends OPTIONS itself and gets what everybody gets', async () => {
    const answer = await fetch(`${server.url}/guarded`, { method: 'OPTIONS', headers: { origin } });
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
    await assertProblem(answer, 405, 'method_not_allowed');
  });
});

describe('a page of any other origin', () => {
  for (const other of [
    'http://console.example.com',
    'https://console.example.com:444',
    'https://console.example.com.evil.example',
    'https://evil.console.example.com',
    'https://CONSOLE.example.com',
    'null',
    '*',
    '',
  ]) {
    test(`such as ${other === '' ? 'an empty one' : other} reads nothing and is told nothing ahead`, async () => {
      const headers = { origin: other };
      const answer = await fetch(`${server.url}/open`, { headers });
      assert.deepEqual(corsHeadersOf(answer), []);
      assert.equal(answer.headers.get('vary'), 'Origin');
      const ahead = await fetch(`${server.url}/guarded`, {
        method: 'OPTIONS',
        headers: { ...preflight, ...headers },
      });
      assert.deepEqual(corsHeadersOf(ahead), []);
      await assertProblem(ahead, 405, 'method_not_allowed');
    });
  }
});

describe('where no origin may', () => {
  for (const [what, path, status, init = {}] of requests) {
    test(`${what}, ${status}, says nothing of origins`, async () => {
      const headers = { ...Object.fromEntries(new Headers(init.headers)), origin };
      const answer = await fetch(closed.url + path, { ...init, headers });
      assert.equal(answer.status, status);
      assert.deepEqual([...corsHeadersOf(answer), answer.headers.get('vary')], [null]);
    });
  }

  test('OPTIONS is a method that paths do not take, asked ahead or not', async () => {
    for (const headers of [{}, { origin }, { origin, ...preflight }]) {
      const answer = await fetch(`${closed.url}/guarded`, { method: 'OPTIONS', headers });
      assert.deepEqual(corsHeadersOf(answer), []);
      await assertProblem(answer, 405, 'method_not_allowed');
    }
  });
});
