import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { operations } from '@seatledger/contract';
import { type BareServer, startBareServer } from '../testing/bareServer.ts';
import { isAnsweredByTag, varyBy, weakTag } from './conditional.ts';

const tag = weakTag(['one']);
let server: BareServer;
before(async () => {
  server = await startBareServer({
    access: { isReachedByTls: false, trustedProxies: [], corsOrigins: ['https://pages.example.com'] },
    routes: [
      {
        operation: { ...operations.listEvents, path: '/tagged', permission: undefined } as never,
        async answer(request, reply) {
          varyBy(reply, 'Authorization');
          if (isAnsweredByTag(request, reply, tag)) return reply;
          return { data: [], nextAfter: 0, hasMore: false };
        },
      },
    ],
  });
});
after(() => server.stop());

const ask = (ifNoneMatch?: string, method = 'GET') =>
  fetch(`${server.url}/tagged`, {
    method,
    headers: ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch },
  });

describe('an answer with an entity tag', () => {
  const opaque = tag.slice(2);
  for (const [list, status] of [
    [undefined, 200],
    [tag, 304],
    [opaque, 304],
    ['*', 304],
    [' * ', 304],
    [`"other", ${tag}`, 304],
    [`W/"a,b",${opaque} , "c"`, 304],
    ['"other"', 200],
    ['W/"other"', 200],
    [opaque.slice(1, -1), 200],
    [`"x${opaque.slice(1)}`, 200],
    ['', 200],
    ['"', 200],
    [`"*"`, 200],
  ] as const) {
    test(`is ${status} to who has ${list ?? 'none'}`, async () => {
      const answer = await ask(list);
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('etag'), tag);
      assert.equal(answer.headers.get('vary'), 'Origin, Authorization');
      assert.equal(answer.headers.get('cache-control'), 'private, no-cache');
      assert.equal((await answer.text()) === '', status === 304);
    });
  }

  test('is 304 to HEAD too', async () => {
    assert.equal((await ask(tag, 'HEAD')).status, 304);
    assert.equal((await ask('"other"', 'HEAD')).status, 200);
  });
});

test('a tag is another where any part is another', () => {
  const parts = [['a'], ['b'], ['a', 'b'], [['a', 'b']], ['ab'], [{ a: 1 }], [{ a: 2 }], [1], ['1'], [null]];
  assert.equal(new Set(parts.map(weakTag)).size, parts.length);
  assert.match(tag, /^W\/"[\w-]{22}"$/);
});
