import assert from 'node:assert/strict';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import helmet from 'helmet';
import { exchange, openSocket, readAnswers } from '../testing/answers.ts';
import { type BareServer, startBareServer } from '../testing/bareServer.ts';
import { createRateLimit } from './rateLimit.ts';
import { securityHeaders } from './securityHeaders.ts';

const hsts = 'strict-transport-security';
/** Time enough for what is sent at once, also on a machine that is busy. */
const arrival = { headersMs: 1000, requestMs: 1000, uploadMs: 1000, checkMs: 10 };
const rateLimit = createRateLimit({ perSecond: 1, monotonicMs: () => 0 });
let plain: BareServer;
let behindTls: BareServer;
before(async () => {
  plain = await startBareServer({ arrival, rateLimit });
  const access = { isReachedByTls: true, trustedProxies: [], corsOrigins: [] };
  behindTls = await startBareServer({ arrival, rateLimit, access });
});
after(async () => {
  await plain.stop();
  await behindTls.stop();
});

/** What helmet sets where nobody tells it otherwise. */
async function headersOfHelmet(): Promise<Readonly<Record<string, unknown>>> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  await new Promise((resolve) => helmet()(request, response, resolve));
  return { ...response.getHeaders() };
}

describe('the headers', () => {
  test('are those that helmet sets, none missing', async () => {
    const ofHelmet = await headersOfHelmet();
    const own = Object.keys(securityHeaders({ isReachedByTls: true }));
    assert.deepEqual(own.toSorted(), Object.keys(ofHelmet).toSorted());
  });

  test('say what helmet says, and of pages and frames the strictest', async () => {
    assert.deepEqual(securityHeaders({ isReachedByTls: true }), {
      ...(await headersOfHelmet()),
      'content-security-policy':
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-frame-options': 'DENY',
    });
  });

  test('bind browsers to TLS where clients speak it, and nowhere else', () => {
    const { [hsts]: binding, ...others } = securityHeaders({ isReachedByTls: true });
    assert.match(binding ?? '', /^max-age=31536000\b/);
    assert.deepEqual(securityHeaders({ isReachedByTls: false }), others);
  });
});

const get = 'GET /guarded HTTP/1.1\r\nhost: seats\r\n';
const authorized = `${get}authorization: Bearer an-app\r\n`;
const end = 'connection: close\r\n\r\n';

/** Bytes that are answered with the status, the last of several. */
const answered: readonly (readonly [what: string, status: number, bytes: string])[] = [
  ['a success', 200, `${authorized}${end}`],
  ['a success of HEAD', 200, `${authorized}${end}`.replace('GET', 'HEAD')],
  ['an open operation', 200, `GET /open HTTP/1.1\r\nhost: seats\r\n${end}`],
  ['a refusal', 401, `${get}${end}`],
  ['a permission that is missing', 403, `${get}authorization: Bearer meek\r\n${end}`],
  ['an unknown path', 404, `GET /nowhere HTTP/1.1\r\nhost: seats\r\n${end}`],
  ['another method', 405, `DELETE /guarded HTTP/1.1\r\nhost: seats\r\n${end}`],
  ['OPTIONS', 405, `OPTIONS /guarded HTTP/1.1\r\nhost: seats\r\n${end}`],
  ['CONNECT', 404, 'CONNECT elsewhere.example:443 HTTP/1.1\r\nhost: seats\r\n\r\n'],
  ['a body of another type', 415, `${authorized.replace('GET', 'POST')}content-length: 1\r\n${end}a`],
  ['a request too many', 429, `${authorized}\r\n`.repeat(2) + authorized + end],
  ['what the router refuses', 400, `GET /%ff HTTP/1.1\r\nhost: seats\r\n${end}`],
  ['a request without Host', 400, 'GET /open HTTP/1.1\r\nconnection: close\r\n\r\n'],
  ['what the parser refuses', 400, 'GET /open FTP/1.1\r\n\r\n'],
  ['headers that are too large', 431, `${get}x: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['headers that do not arrive', 408, get],
  ['a body that does not arrive', 408, `${authorized.replace('GET', 'POST')}content-length: 9\r\n\r\n{`],
];

describe('every answer has them', () => {
  for (const [what, status, template] of answered) {
    test(`${what}, ${status}`, async () => {
      // With an app of its own, so that only one of them comes to its limit.
      const bytes = template.replaceAll('an-app', `app-${status}-${what.length}`);
      await Promise.all(
        [plain, behindTls].map(async (server) => {
          const isReachedByTls = server === behindTls;
          const answer = (await exchange(server.url, bytes)).at(-1);
          assert.equal(answer?.status, status);
          for (const [name, value] of Object.entries(securityHeaders({ isReachedByTls })))
            assert.equal(answer.headers.get(name), value, name);
          assert.equal(answer.headers.has(hsts), isReachedByTls);
        }),
      );
    });
  }

  test('a request that comes during a stop, answered as ever', async () => {
    const stopping = await startBareServer();
    const socket = await openSocket(stopping.url);
    // The first answer tells that the beginning of the second request has been read too.
    socket.write(`${get}\r\n${get}`);
    await once(socket, 'data');
    const stopped = stopping.stop();
    socket.write('\r\n');
    const [refused] = await readAnswers(socket);
    assert.equal(refused?.status, 401);
    for (const [name, value] of Object.entries(securityHeaders({ isReachedByTls: false })))
      assert.equal(refused.headers.get(name), value, name);
    await stopped;
  });
});
