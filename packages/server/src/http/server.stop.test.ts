/** A server that stops answers what it has begun, and begins nothing more. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { assertProblem, openSocket, readAnswers } from '../testing/answers.ts';
import { startTestServer } from '../testing/server.ts';

const path = '/partner/external/v3/general/customers/contoso/avpt-products/type/2048/overview';
const file = 'customerId,productType,seats\ncontoso,2048,25\n';

/** A server with one import begun on a connection; the file is still to be sent. */
async function serverWithImport() {
  const server = await startTestServer();
  const authorization = `authorization: Bearer ${await server.token(server.admin)}`;
  const socket = await openSocket(server.url);
  socket.write(
    `POST /api/v1/import HTTP/1.1\r\nhost: seats\r\n${authorization}\r\ncontent-type: text/csv\r\n` +
      `content-length: ${file.length}\r\nexpect: 100-continue\r\n\r\n`,
  );
  // The server says so as it hands the request on.
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /);
  return { server, authorization, socket };
}

describe('a server that stops', () => {
  test('answers the request in flight, and ends its connection instead of waiting for a next one', async () => {
    const { server, socket } = await serverWithImport();
    const stopped = server.stop();
    socket.write(file);
    const [answer, ...others] = await readAnswers(socket);
    await stopped;
    assert.ok(answer);
    assert.deepEqual(others, []);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('connection'), 'close');
    const { added } = (await answer.json()) as { added: number };
    assert.equal(added, 1);
  });

  test('answers a request that was on its way on an open connection, as the last of it, and refuses every new connection', async () => {
    const { server, authorization, socket } = await serverWithImport();
    const open = await openSocket(server.url);
    // The answer to the first request tells that the beginning of the second has been read too.
    open.write(`GET ${path} HTTP/1.1\r\nhost: seats\r\n\r\nGET ${path} HTTP/1.1\r\nhost: seats\r\n`);
    await once(open, 'data');
    const stopped = server.stop();
    open.write(`${authorization}\r\n\r\n`);
    const [last, ...others] = await readAnswers(open);
    assert.ok(last);
    assert.deepEqual(others, []);
    assert.equal(last.headers.get('connection'), 'close');
    await assertProblem(last, 404, 'customer_not_found');
    await assert.rejects(openSocket(server.url), { code: 'ECONNREFUSED' });
    socket.write(file);
    const [answer] = await readAnswers(socket);
    assert.equal(answer?.status, 200);
    await stopped;
  });

  test('tells whoever asks for more to send that no more is to be sent', async () => {
    const { server, socket } = await serverWithImport();
    const probe = await openSocket(server.url);
    probe.write('GET /readyz HTTP/1.1\r\nhost: seats\r\n\r\nGET /readyz HTTP/1.1\r\n');
    assert.match(String(await once(probe, 'data')), /^HTTP\/1\.1 200 /);
    const stopped = server.stop();
    probe.write('host: seats\r\n\r\n');
    const [last] = await readAnswers(probe);
    assert.ok(last);
    await assertProblem(last, 503, 'server_stopping');
    socket.write(file);
    await readAnswers(socket);
    await stopped;
  });
});
