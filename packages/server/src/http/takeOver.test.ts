import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { assertProblem, exchange, openSocket } from '../testing/answers.ts';
import { startTestServer } from '../testing/server.ts';

const path = '/partner/external/v3/general/customers/contoso/avpt-products/type/2048/overview';
const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\n');

async function answerTo(line: string, ...fields: string[]): Promise<Response> {
  const [answer] = await exchange(
    server.url,
    [line, 'host: seats', 'connection: close', ...fields, '', ''].join('\r\n'),
  );
  assert.ok(answer);
  return answer;
}

describe('what Node would answer by itself takes the way of every request', () => {
  test('an expectation that nobody knows is ignored', async () => {
    const authorization = `authorization: Bearer ${await server.token(server.admin)}`;
    const answer = await answerTo(`GET ${path} HTTP/1.1`, 'expect: a-miracle', authorization);
    assert.equal(answer.status, 200);
    await assertProblem(await answerTo(`GET ${path} HTTP/1.1`, 'expect: a-miracle'), 401, 'token_missing');
  });

  test('CONNECT on a known path is 405 with the methods that it takes', async () => {
    const answer = await answerTo(`CONNECT ${path} HTTP/1.1`);
    assert.equal(answer.headers.get('allow'), 'GET, HEAD');
    await assertProblem(answer, 405, 'method_not_allowed');
  });

  test('CONNECT to somewhere else is no tunnel but a problem', async () => {
    await assertProblem(await answerTo('CONNECT elsewhere.example:443 HTTP/1.1'), 404, 'route_unknown');
  });

  test('an upgrade that is not offered is ignored', async () => {
    const answer = await answerTo(`GET ${path} HTTP/1.1`, 'connection: upgrade', 'upgrade: websocket');
    await assertProblem(answer, 401, 'token_missing');
  });
});

describe('a peer that asks for a tunnel', () => {
  const question = 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n';

  test('and resets the connection ends nothing but that', async () => {
    for (let time = 0; time < 200; time++) {
      const socket = await openSocket(server.url);
      const closed = once(socket, 'close');
      socket.write(question);
      socket.resetAndDestroy();
      await closed;
    }
    assert.equal((await fetch(`${server.url}/openapi.json`)).status, 200);
  });

  test('and holds the connection is let go of once it is answered', async () => {
    const socket = await openSocket(server.url);
    const closed = once(socket, 'close');
    socket.resume().write(question);
    await closed;
  });
});
