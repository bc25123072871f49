import assert from 'node:assert/strict';
import { METHODS, request } from 'node:http';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { type Operation, operations } from '@seatledger/contract';
import { assertProblem, exchange } from '../testing/answers.ts';
import { prepareWorlds } from '../testing/preparedWorld.ts';
import { startTestServer } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const worlds = await prepareWorlds(server);
const values = await worlds.next();
const authorization = `Bearer ${await server.token(server.admin)}`;
const seatsPath = pathOf(operations.getCustomerUserSeats);
const all = Object.values<Operation>(operations);

function pathOf({ path }: Operation): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

test('a large answer is whole, whatever is sent that nobody needs', async () => {
  const body = 'x'.repeat(900_000);
  for (const path of ['/openapi.json', '/api/v1/seats']) {
    const [answer] = await exchange(
      server.url,
      `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    assert.ok(answer);
    assert.equal((await answer.text()).length, Number(answer.headers.get('content-length')));
  }
});

describe('the request id', () => {
  const ownId = 'A.b_c:9-'.repeat(8);
  const answers: readonly (readonly [what: string, path: string, init?: RequestInit])[] = [
    ['a success', seatsPath, { headers: { authorization } }],
    ['a success of HEAD', seatsPath, { method: 'HEAD', headers: { authorization } }],
    ['an open operation', '/openapi.json'],
    ['a token', '/connect/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }) }],
    ['a refusal', seatsPath],
    ['an unknown path', '/nowhere'],
    ['another method', seatsPath, { method: 'POST' }],
    ['what the router refuses', '/api/v1/apps/%ff'],
  ];
  for (const [what, path, init = {}] of answers) {
    test(`is kept where ${what} is answered to a caller that has one`, async () => {
      const headers = new Headers(init.headers);
      headers.set('request-id', ownId);
      assert.equal((await server.request(path, { ...init, headers })).headers.get('request-id'), ownId);
    });

    test(`is a fresh one where ${what} is answered to a caller that has none`, async () => {
      const ids = await Promise.all(
        Array.from({ length: 3 }, async () => (await server.request(path, init)).headers.get('request-id')),
      );
      assert.equal(new Set(ids).size, 3);
      for (const id of ids) assert.match(id ?? '', /^[0-9a-f-]{36}$/);
    });
  }

  for (const [what, id] of [
    ['is longer than 64 characters', 'a'.repeat(65)],
    ['is empty', ''],
    ['has a blank', 'a b'],
    ['has a quote', 'a"b'],
    ['has a comma', 'a,b'],
    ['has a slash', 'a/b'],
    ['has a letter beyond ASCII', '\u00e9'],
    ['has markup', '<b>'],
  ] as const) {
    test(`of a caller that ${what} is not kept`, async () => {
      const { headers } = await server.request('/nowhere', { headers: { 'request-id': id } });
      assert.match(headers.get('request-id') ?? '', /^[0-9a-f-]{36}$/);
    });
  }

  test('is that of a proxy where the caller has none, and of the same form', async () => {
    const idOf = async (headers: Record<string, string>) =>
      (await server.request('/nowhere', { headers })).headers.get('request-id') ?? '';
    assert.equal(await idOf({ 'x-request-id': ownId }), ownId);
    assert.equal(await idOf({ 'request-id': 'one', 'x-request-id': 'other' }), 'one');
    for (const id of ['a'.repeat(65), 'ada@example.org', 'a b'])
      assert.match(await idOf({ 'x-request-id': id }), /^[0-9a-f-]{36}$/);
  });

  test('of a caller that sends two is not kept', async () => {
    const [answer] = await exchange(
      server.url,
      'GET /nowhere HTTP/1.1\r\nhost: seats\r\nrequest-id: a\r\nrequest-id: b\r\nconnection: close\r\n\r\n',
    );
    assert.match(answer?.headers.get('request-id') ?? '', /^[0-9a-f-]{36}$/);
  });
});

describe('every answer', () => {
  for (const [path, status] of [
    [seatsPath, 200],
    ['/openapi.json', 200],
    ['/nowhere', 404],
    ['/api/v1/apps/%ff', 400],
  ] as const) {
    test(`says at ${path} that it is not to be sniffed and not to be shared`, async () => {
      const answer = await server.request(path, { headers: { authorization } });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(answer.headers.get('cache-control'), 'private, no-cache');
    });
  }
});

describe('a path', () => {
  const readable = all.filter(({ method }) => method === 'GET');
  for (const operation of readable) {
    test(`of ${operation.id} is known in any case and with one slash at its end`, async () => {
      for (const path of [pathOf(operation), `${pathOf(operation)}/`, ignoringCase(operation)]) {
        const answer = await server.request(`${path}${queryOf(operation)}`, { headers: { authorization } });
        assert.equal(answer.status, 200, path);
      }
    });

    test(`of ${operation.id} answers HEAD with the status and length of GET and no body`, async () => {
      const [head, get] = await Promise.all(
        ['HEAD', 'GET'].map((method) =>
          server.request(pathOf(operation), { method, headers: { authorization } }),
        ),
      );
      assert.ok(head && get);
      assert.equal(head.status, get.status);
      assert.equal(head.headers.get('content-type'), get.headers.get('content-type'));
      // An answer that is written piece by piece names no length.
      if (get.headers.has('content-length'))
        assert.equal(head.headers.get('content-length'), get.headers.get('content-length'));
      assert.equal(await head.text(), '');
    });
  }

  /** Differences are asked for since some moment. */
  function queryOf({ id }: Operation): string {
    return id === operations.listSeatDifferences.id ? '?fromSequence=1' : '';
  }

  /** The fixed parts of the path in upper case. */
  function ignoringCase(operation: Operation): string {
    const parts = pathOf(operation).split('/');
    return operation.path
      .split('/')
      .map((part, index) => (part.startsWith('{') ? parts[index] : part.toUpperCase()))
      .join('/');
  }

  for (const path of [
    '/',
    '/nowhere',
    '/api/v1',
    '/api/v2/seats',
    '/partner',
    '//api/v1/seats',
    '/api/v1/seats//',
  ]) {
    test(`${path} that leads nowhere is 404 route_unknown for any method`, async () => {
      for (const method of ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']) {
        const answer = await server.request(path, { method, headers: { authorization } });
        if (method === 'HEAD') assert.equal(answer.status, 404);
        else await assertProblem(answer, 404, 'route_unknown');
      }
    });
  }

  test('may be sent with the whole URL before it', async () => {
    const [answer] = await exchange(
      server.url,
      `GET https://seats.example.com${seatsPath} HTTP/1.1\r\nhost: seats\r\nauthorization: ${authorization}\r\nconnection: close\r\n\r\n`,
    );
    assert.equal(answer?.status, 200);
  });
});

describe('a method that the path does not take', () => {
  const methodsByPath = new Map<string, string[]>();
  for (const operation of all) {
    const methods = operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method];
    methodsByPath.set(pathOf(operation), [...(methodsByPath.get(pathOf(operation)) ?? []), ...methods]);
  }
  for (const [path, allowed] of methodsByPath) {
    test(`is 405 at ${path}, and Allow names ${allowed.join(', ')}`, async () => {
      // fetch sends neither TRACE nor CONNECT; the latter is for the tests of what is taken over from Node.
      for (const method of METHODS.filter((known) => known !== 'CONNECT' && !allowed.includes(known))) {
        const answer = await sendRaw(method, path);
        assert.equal(answer.headers.get('allow'), allowed.join(', '), method);
        if (method === 'HEAD') assert.equal(answer.status, 405);
        else await assertProblem(answer, 405, 'method_not_allowed');
      }
    });
  }

  async function sendRaw(method: string, path: string): Promise<Response> {
    const sent = request(`${server.url}${path}`, { method }).end();
    const [message] = await once(sent, 'response');
    const chunks = await message.toArray();
    return new Response(Buffer.concat(chunks), { status: message.statusCode, headers: message.headers });
  }
});

describe('a body', () => {
  const bodies = all.flatMap((operation) =>
    Object.keys(operation.body ?? {}).map((type) => ({ operation, type })),
  );
  for (const { operation, type } of bodies.filter(({ operation: { oauthErrors } }) => !oauthErrors)) {
    for (const encoding of ['gzip', 'GZIP', 'deflate', 'br', 'zstd', 'identity, gzip']) {
      test(`of ${operation.id} as ${type} that is encoded as ${encoding} is 415`, async () => {
        const answer = await server.request(pathOf(operation), {
          method: operation.method,
          headers: { authorization, 'content-type': type, 'content-encoding': encoding },
          body: 'anything',
        });
        await assertProblem(answer, 415, 'content_encoding_unsupported');
      });
    }

    test(`of ${operation.id} as ${type} may be called what it is: not encoded`, async () => {
      const { status } = await server.request(pathOf(operation), {
        method: operation.method,
        headers: { authorization, 'content-type': type, 'content-encoding': 'Identity' },
        body: 'anything',
      });
      assert.equal(status, 400);
    });
  }

  for (const operation of all.filter(({ body, oauthErrors }) => body !== undefined && !oauthErrors)) {
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      '*/*',
      ';;',
      'csv',
    ]) {
      test(`of ${operation.id} that is ${type} is 415`, async () => {
        const answer = await server.request(pathOf(operation), {
          method: operation.method,
          headers: { authorization, 'content-type': type },
          body: 'customerId,productType,seats\n',
        });
        await assertProblem(answer, 415, 'content_type_unsupported');
      });
    }

    test(`of ${operation.id} that nobody says the type of is 415`, async () => {
      const answer = await server.request(pathOf(operation), {
        method: operation.method,
        headers: { authorization },
        body: new Blob(['customerId,productType,seats\n']),
      });
      await assertProblem(answer, 415, 'content_type_unsupported');
    });
  }

  test('that an operation does not take is ignored, whatever it is called', async () => {
    for (const [path, method, status] of [
      [seatsPath, 'GET', 200],
      ['/api/v1/apps/nobody', 'DELETE', 404],
    ] as const) {
      for (const fields of [
        'content-type: application/json\r\ncontent-length: 0\r\n',
        'content-type: application/json\r\ncontent-length: 4\r\n',
        'content-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n',
        'content-encoding: gzip\r\n',
      ]) {
        const [answer] = await exchange(
          server.url,
          `${method} ${path} HTTP/1.1\r\nhost: seats\r\nauthorization: ${authorization}\r\nconnection: close\r\n${fields}\r\n${fields.includes(': 4') ? '{no!' : ''}`,
        );
        assert.equal(answer?.status, status, fields);
      }
    }
  });

  test('of JSON may be of 1 MiB', async () => {
    const answer = await server.request('/api/v1/apps', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: `${' '.repeat(1_048_574)}{}`,
    });
    await assertProblem(answer, 400, 'body_invalid');
  });

  test('of JSON that says it is larger than 1 MiB is 413 before it is sent', async () => {
    const [answer] = await exchange(
      server.url,
      `POST /api/v1/apps HTTP/1.1\r\nhost: seats\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 1048577\r\n\r\n`,
    );
    assert.ok(answer);
    await assertProblem(answer, 413, 'body_too_large');
  });

  test('of JSON that turns out to be larger than 1 MiB is 413', async () => {
    const [answer] = await exchange(
      server.url,
      `POST /api/v1/apps HTTP/1.1\r\nhost: seats\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n100001\r\n${' '.repeat(1_048_577)}`,
    );
    assert.ok(answer);
    await assertProblem(answer, 413, 'body_too_large');
  });
});
