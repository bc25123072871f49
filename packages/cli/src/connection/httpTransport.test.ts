import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { test, type TestContext } from 'node:test';
import { Failure, localFailure } from '../failure.ts';
import { send } from './httpTransport.ts';

async function serving(t: TestContext, listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return new URL(`http://127.0.0.1:${address.port}/`);
}

function withCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof Failure && error.facts.code === code;
}

async function* twoParts(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one ');
  yield Buffer.from('two');
}

async function* torn(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('one');
  throw localFailure('file_unreadable', 'The disk is gone.');
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(65_536);
}

test('a body is sent and the answer comes back as it is', async (t) => {
  const url = await serving(t, (request, response) => {
    response.writeHead(418, { 'x-method': request.method });
    request.pipe(response);
  });
  const answer = await send({ url, method: 'POST', headers: {}, body: twoParts() });
  assert.deepEqual([answer.status, answer.headers['x-method'], answer.body], [418, 'POST', 'one two']);
});

test('a refusal that comes before the whole body is sent is the answer', async (t) => {
  const url = await serving(t, (_, response) => {
    response.writeHead(403, { connection: 'close' }).end('no');
  });
  const answer = await send({ url, method: 'POST', headers: {}, body: endless() });
  assert.deepEqual([answer.status, answer.body], [403, 'no']);
});

test('a redirect is not followed: the request holds a secret', async (t) => {
  const url = await serving(t, (_, response) => {
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
  });
  const answer = await send({ url, method: 'POST', headers: {}, body: 'secret' });
  assert.deepEqual([answer.status, answer.headers.location], [307, 'http://127.0.0.1:1/']);
});

test('what keeps an answer from coming is told apart', async (t) => {
  const silent = await serving(t, () => undefined);
  await assert.rejects(
    send({ url: silent, method: 'GET', headers: {}, timeoutMs: 20 }),
    withCode('answer_late'),
  );

  const breaking = await serving(t, (_, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
    response.destroy();
  });
  await assert.rejects(send({ url: breaking, method: 'GET', headers: {} }), withCode('connection_broken'));

  const nobody = new URL('http://127.0.0.1:1/');
  await assert.rejects(send({ url: nobody, method: 'GET', headers: {} }), withCode('server_unreachable'));
});

test('a body that cannot be read fails with the reason of the file', async (t) => {
  const url = await serving(t, () => undefined);
  await assert.rejects(send({ url, method: 'POST', headers: {}, body: torn() }), withCode('file_unreadable'));
});
