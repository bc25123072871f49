import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { assertProblem } from '../testing/answers.ts';
import { startBareServer } from '../testing/bareServer.ts';
import { createRateLimit } from './rateLimit.ts';

let now = 0;
const rateLimit = createRateLimit({ perSecond: 2, monotonicMs: () => now });
const server = await startBareServer({ rateLimit });
after(() => server.stop());
beforeEach(() => {
  // Long enough for every bucket to be full again.
  now += 60_000;
});

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
const ask = (app: string, { headers = {}, ...init }: Asking = {}) =>
  fetch(`${server.url}/guarded`, { ...init, headers: { authorization: `Bearer ${app}`, ...headers } });
const fieldsOf = ({ headers }: Response) => [headers.get('ratelimit-policy'), headers.get('ratelimit')];
const policy = '"app";q=4;w=2';

describe('an app', () => {
  test('may send twice its rate at once, and is told with each answer how many are left', async () => {
    for (const left of [3, 2, 1, 0]) {
      const answer = await ask('an-app');
      assert.equal(answer.status, 200);
      assert.deepEqual(fieldsOf(answer), [policy, `"app";r=${left};t=1`]);
      assert.equal(answer.headers.get('retry-after'), null);
    }
  });

  test('that sends more is refused with 429, both fields and whole seconds to wait, and let through after them', async () => {
    for (let sent = 0; sent < 4; sent++) await ask('an-app');
    const refused = await ask('an-app');
    assert.deepEqual(fieldsOf(refused), [policy, '"app";r=0;t=1']);
    const retryAfter = refused.headers.get('retry-after') ?? '';
    assert.match(retryAfter, /^[1-9]\d*$/);
    await assertProblem(refused, 429, 'rate_limit_exceeded');
    now += Number(retryAfter) * 1000;
    assert.equal((await ask('an-app')).status, 200);
  });

  test('has no part in what another sends', async () => {
    for (let sent = 0; sent < 5; sent++) await ask('an-app');
    assert.deepEqual(fieldsOf(await ask('another-app')), [policy, '"app";r=3;t=1']);
  });
});

describe('a request', () => {
  for (const [what, app, init, status] of [
    ['in an unknown revision', 'an-app', { headers: { 'api-version': 'none' } }, 400],
    ['without the permission', 'meek', {}, 403],
    ['of HEAD', 'an-app', { method: 'HEAD' }, 200],
    ['with a body that is none', 'an-app', { method: 'POST', body: 'no' }, 415],
  ] as const) {
    test(`${what} counts, and is told so with its ${status}`, async () => {
      const answer = await ask(app, init);
      assert.equal(answer.status, status);
      assert.deepEqual(fieldsOf(answer), [policy, '"app";r=3;t=1']);
    });

    test(`${what} is 429 where nothing is left`, async () => {
      for (let sent = 0; sent < 4; sent++) await ask(app);
      const answer = await ask(app, init);
      assert.equal(answer.status, 429);
      assert.deepEqual(fieldsOf(answer), [policy, '"app";r=0;t=1']);
    });
  }

  for (const [what, path, headers, status] of [
    ['of nobody', '/guarded', {}, 401],
    ['with a token that is not valid', '/guarded', { authorization: 'Bearer none' }, 401],
    ['that anybody may send', '/open', { authorization: 'Bearer an-app' }, 200],
    ['that leads nowhere', '/nowhere', { authorization: 'Bearer an-app' }, 404],
  ] as const) {
    test(`${what} is not counted and told of no limit`, async () => {
      for (let sent = 0; sent < 6; sent++) {
        const answer = await fetch(`${server.url}${path}`, { headers });
        assert.equal(answer.status, status);
        assert.deepEqual(fieldsOf(answer), [null, null]);
      }
      assert.deepEqual(fieldsOf(await ask('an-app')), [policy, '"app";r=3;t=1']);
    });
  }
});

test('where there is no limit there is no field of it', async (t) => {
  const unlimited = await startBareServer();
  t.after(() => unlimited.stop());
  const answer = await fetch(`${unlimited.url}/guarded`, { headers: { authorization: 'Bearer an-app' } });
  assert.equal(answer.status, 200);
  assert.deepEqual(fieldsOf(answer), [null, null]);
});
