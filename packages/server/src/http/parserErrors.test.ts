import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { ProblemCode } from '@seatledger/contract';
import { assertProblem, exchange, openSocket, readAnswers } from '../testing/answers.ts';
import { startTestServer } from '../testing/server.ts';
import { exchangeBytes } from '../testing/wire.ts';
import { parserErrorAnswers } from './parserErrors.ts';

const path = '/partner/external/v3/general/customers/contoso/avpt-products/type/2048/overview';
const server = await startTestServer();
after(() => server.stop());

let authorization: string;
before(async () => {
  await server.importCsv('customerId,productType,seats\ncontoso,2048,25\n');
  authorization = `authorization: Bearer ${await server.token(server.admin)}\r\n`;
});

const head = (line: string, ...fields: string[]) =>
  [line, 'host: seats', 'connection: close', ...fields, '', ''].join('\r\n');

describe('what the parser or the router refuse by themselves is a problem with a request id', () => {
  const cases: readonly (readonly [what: string, bytes: string, status: number, code: ProblemCode])[] = [
    [
      'a raw space in the path',
      head(`GET ${path.replace('2048', ' 2048')} HTTP/1.1`),
      400,
      'request_malformed',
    ],
    ['a control character in the path', head(`GET ${path}\x01 HTTP/1.1`), 400, 'request_malformed'],
    [
      'a broken percent-encoding',
      head(`GET ${path.replace('2048', '%2')} HTTP/1.1`),
      400,
      'request_malformed',
    ],
    [
      'a percent-encoding that is not UTF-8',
      head(`GET ${path.replace('2048', '%ff')} HTTP/1.1`),
      400,
      'request_malformed',
    ],
    [
      'a parameter that is too long',
      head(`GET ${path.replace('2048', '1'.repeat(257))} HTTP/1.1`),
      414,
      'uri_too_long',
    ],
    [
      'headers that are too large',
      head(`GET ${path} HTTP/1.1`, `x: ${'a'.repeat(16_384)}`),
      431,
      'headers_too_large',
    ],
    ['a URL that is as large', head(`GET ${path}?${'a'.repeat(16_384)} HTTP/1.1`), 431, 'headers_too_large'],
    [
      'a header name with a control character',
      head(`GET ${path} HTTP/1.1`, 'x\x01: a'),
      400,
      'request_malformed',
    ],
    [
      'a header value with a control character',
      head(`GET ${path} HTTP/1.1`, 'x: a\x00'),
      400,
      'request_malformed',
    ],
    ['a method in lower case', head(`get ${path} HTTP/1.1`), 400, 'request_malformed'],
    ['a method that nobody knows', head(`SEATS ${path} HTTP/1.1`), 400, 'request_malformed'],
    ['a protocol that is not HTTP', head(`GET ${path} FTP/1.1`), 400, 'request_malformed'],
    ['HTTP/2 without its negotiation', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'request_malformed'],
    ['no Host header', `GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n`, 400, 'request_malformed'],
    [
      'a length that is no number',
      head('POST /api/v1/import HTTP/1.1', 'content-length: x'),
      400,
      'request_malformed',
    ],
    [
      'a length beside a transfer coding',
      head('POST /api/v1/import HTTP/1.1', 'content-length: 5', 'transfer-encoding: chunked'),
      400,
      'request_malformed',
    ],
  ];
  for (const [what, bytes, status, code] of cases) {
    test(`${what} is ${status} ${code}`, async () => {
      const [answer, ...others] = await exchange(server.url, bytes);
      assert.ok(answer);
      assert.deepEqual(others, []);
      await assertProblem(answer, status, code);
    });
  }

  test('headers of nearly 16 KiB are taken', async () => {
    const [answer] = await exchange(server.url, head(`GET ${path} HTTP/1.1`, `x: ${'a'.repeat(15_000)}`));
    assert.ok(answer);
    await assertProblem(answer, 401, 'token_missing');
  });

  test('the router keeps the request id of the caller', async () => {
    const [answer] = await exchange(
      server.url,
      head(`GET ${path.replace('2048', '%2')} HTTP/1.1`, 'request-id: my-own:1'),
    );
    assert.ok(answer);
    assert.equal((await assertProblem(answer, 400, 'request_malformed')).requestId, 'my-own:1');
  });

  for (const [what, path_, type] of [
    ['a file', '/api/v1/import', 'text/csv'],
    ['a JSON body', '/api/v1/apps', 'application/json'],
    ['a form', '/connect/token', 'application/x-www-form-urlencoded'],
  ] as const) {
    test(`${what} whose chunks are malformed is 400 request_malformed`, async () => {
      const [answer] = await exchange(
        server.url,
        `POST ${path_} HTTP/1.1\r\nhost: seats\r\n${authorization}content-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\nnot hex\r\n`,
      );
      assert.ok(answer);
      await assertProblem(answer, 400, 'request_malformed');
    });
  }
});

describe('a malformed request on a connection', () => {
  test('leaves the requests before it answered, in their order', async () => {
    const get = `GET ${path} HTTP/1.1\r\nhost: seats\r\n${authorization}`;
    const answers = await exchange(
      server.url,
      `${get}request-id: first\r\n\r\n${get}request-id: second\r\n\r\nGET ${path} x HTTP/1.1\r\n\r\n`,
    );
    const [first, second, third, ...others] = answers;
    assert.ok(first && second && third);
    assert.deepEqual(others, []);
    assert.deepEqual([first.status, first.headers.get('request-id')], [200, 'first']);
    assert.deepEqual([second.status, second.headers.get('request-id')], [200, 'second']);
    await assertProblem(third, 400, 'request_malformed');
  });

  test('is the last that the connection takes', async () => {
    const answers = await exchange(
      server.url,
      `GET ${path} x HTTP/1.1\r\n\r\n${head(`GET ${path} HTTP/1.1`)}`,
    );
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('connection')]),
      [[400, 'close']],
    );
  });
});

test('what comes in pieces behind a malformed request waits once for the answer before it', async () => {
  const answerParserError = parserErrorAnswers({});
  const answering = Promise.withResolvers<ServerResponse>();
  const listening = createHttpServer((request, response) => {
    request.resume().once('end', () => answering.resolve(response));
  }).on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerParserError(error, socket as Socket, 'an-id');
  });
  await once(listening.listen(0, '127.0.0.1'), 'listening');
  const { port } = listening.address() as { port: number };
  const socket = await openSocket(`http://127.0.0.1:${port}`);
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const response = await answering.promise;
  const listeners = response.listenerCount('close');
  for (let piece = 0; piece < 20; piece++) {
    const told = Promise.withResolvers<void>();
    listening.once('clientError', () => told.resolve());
    socket.write('\0');
    await told.promise;
  }
  assert.equal(response.listenerCount('close'), listeners + 1);
  response.end('first');
  const [first, second, ...others] = await readAnswers(socket);
  listening.close();
  assert.ok(second);
  assert.deepEqual([first?.status, others], [200, []]);
  await assertProblem(second, 400, 'request_malformed');
});

test('an answer that is the last of its connection arrives whole, whatever is sent behind its request', async () => {
  const body = 'x'.repeat(125_000);
  const request = head('GET /openapi.json HTTP/1.1', `content-length: ${body.length}`);
  const [answer, ...others] = await exchangeBytes(server.url, request + body + body, { endsItsSide: false });
  assert.equal(answer?.status, 200);
  assert.ok(JSON.parse(answer.body));
  assert.deepEqual(others, []);
});

describe('the answer to an error of the parser', () => {
  /** Answers the first connection with what is made of the error. */
  async function answersTo(code: string): Promise<readonly Response[]> {
    const listening = createServer((socket: Socket) => {
      parserErrorAnswers({})(Object.assign(new Error('refused'), { code }), socket, 'an-id');
    });
    await once(listening.listen(0, '127.0.0.1'), 'listening');
    const { port } = listening.address() as { port: number };
    const answers = await readAnswers(await openSocket(`http://127.0.0.1:${port}`));
    listening.close();
    return answers;
  }

  test('is 408 for a request that did not arrive in time', async () => {
    const [answer] = await answersTo('ERR_HTTP_REQUEST_TIMEOUT');
    assert.ok(answer);
    assert.equal((await assertProblem(answer, 408, 'request_timeout')).requestId, 'an-id');
  });

  test('is 400 for what the parser gives any other code', async () => {
    const [answer] = await answersTo('HPE_SOMETHING_NEW');
    assert.ok(answer);
    await assertProblem(answer, 400, 'request_malformed');
  });

  test('is none where the peer is gone', async () => {
    assert.deepEqual(await answersTo('ECONNRESET'), []);
  });
});
