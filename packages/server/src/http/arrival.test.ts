import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Operation } from '@seatledger/contract';
import { answersIn, assertProblem, exchange, openSocket, readAnswers } from '../testing/answers.ts';
import { type BareServer, startBareServer } from '../testing/bareServer.ts';
import { arrivalBounds } from './arrival.ts';

/** Short, for those who are late by any measure; long enough for those who are not, also on a machine that is busy. */
const short = { headersMs: 100, requestMs: 200, uploadMs: 500, checkMs: 10 };
const long = { headersMs: 1000, requestMs: 1000, uploadMs: 300_000, checkMs: 10 };
const [hasty, patient] = await Promise.all([short, long].map((arrival) => startBareServer({ arrival })));
assert.ok(hasty && patient);
after(() => Promise.all([hasty.stop(), patient.stop()]));

const headOf = (line: string, ...fields: string[]) =>
  [line, 'host: seats', 'authorization: Bearer an-app', ...fields, '', ''].join('\r\n');
const upload = (...fields: string[]) =>
  headOf('POST /api/v1/import HTTP/1.1', 'content-type: text/csv', ...fields);
const writing = headOf('POST /guarded HTTP/1.1', 'content-type: application/json', 'content-length: 1000000');

/** Sends a byte now and then, until an answer has come. */
function trickle(socket: Socket, bytes: string): void {
  let sent = 0;
  const send = () => socket.writable && socket.write(bytes[sent++ % bytes.length] ?? '');
  // After what has come was read: a byte that the server no longer takes would hide its answer.
  const clock = setInterval(() => setImmediate(send), 5);
  socket.on('error', () => undefined);
  for (const event of ['end', 'close']) socket.once(event, () => clearInterval(clock));
}

/** Sends these bytes, goes on a byte at a time and never hangs up; gives what came until the server closed the connection. */
async function sendSlowly(server: BareServer, start: string, bytes: string): Promise<readonly Response[]> {
  const accepted = once(server.app.server, 'connection');
  const port = Number(new URL(server.url).port);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [atServer] = await accepted;
  const closed = once(atServer, 'close');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
  socket.write(start);
  trickle(socket, bytes);
  await Promise.all([closed, ended]);
  socket.destroy();
  return answersIn(text);
}

describe('the bounds', () => {
  test('are 15 s for the headers, 30 s for a request and 300 s for a file, looked at each second', async (t) => {
    const usual = await startBareServer();
    t.after(() => usual.stop());
    const { headersTimeout, requestTimeout } = usual.app.server;
    assert.deepEqual([headersTimeout, requestTimeout, arrivalBounds.uploadMs], [15_000, 30_000, 300_000]);
    assert.equal(Reflect.get(usual.app.server, 'connectionsCheckingInterval'), 1000);
  });
});

describe('a client that is slow', () => {
  for (const [what, start, bytes] of [
    ['sends nothing', '', ''],
    ['sends its headers a byte at a time', 'GET /open HTTP/1.1\r\nx: ', 'a'],
    ['sends ever more headers', 'GET /open HTTP/1.1\r\n', 'a: b\r\n'],
    ['sends a body a byte at a time', writing, ' '],
    ['sends a file a byte at a time', upload('content-length: 1000000'), 'a'],
    ['sends a file in chunks of a byte', upload('transfer-encoding: chunked'), '1\r\na\r\n'],
  ] as const) {
    test(`and ${what} is answered 408, and its connection is closed though it does not let go`, async () => {
      const [answer, ...others] = await sendSlowly(hasty, start, bytes);
      assert.ok(answer);
      assert.deepEqual(others, []);
      assert.equal(answer.headers.get('connection'), 'close');
      await assertProblem(answer, 408, 'request_timeout');
    });
  }

  test('costs a connection and nothing else', async () => {
    const slow = [];
    for (let client = 0; client < 50; client++) {
      const accepted = once(patient.app.server, 'connection');
      slow.push(sendSlowly(patient, writing, ' '));
      await accepted;
    }
    assert.equal((await fetch(`${patient.url}/open`)).status, 200);
    await Promise.all(slow);
    const count = await promisify(patient.app.server.getConnections.bind(patient.app.server))();
    // The one that fetch keeps.
    assert.ok(count <= 1, `${count} connections`);
  });

  test('has no longer for a file where it may not send one', async () => {
    for (const [token, status] of [
      ['none', 401],
      ['meek', 403],
    ] as const) {
      const refused = upload('content-length: 1000000').replace('an-app', token);
      // Late by the bound of every request: at that of files it would be answered just once.
      const answers = await sendSlowly(patient, refused, 'a');
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [status, 408],
      );
    }
  });
});

describe('a file', () => {
  test('may take longer to arrive than Node is told to wait', async () => {
    const socket = await openSocket(patient.url);
    const isLate = once(patient.app.server, 'clientError');
    socket.write(upload('content-length: 2', 'connection: close'));
    socket.write('a');
    await isLate;
    socket.write('b');
    const [answer, ...others] = await readAnswers(socket);
    assert.equal(answer?.status, 200);
    assert.deepEqual(others, []);
  });

  test('gives the next request of its connection no more time than any other', async () => {
    const socket = await openSocket(patient.url);
    const isLate = once(patient.app.server, 'clientError');
    socket.write(upload('content-length: 2'));
    socket.write('a');
    await isLate;
    socket.write('b');
    await once(socket, 'data');
    socket.write('GET /open HTTP/1.1\r\nx: ');
    trickle(socket, 'a');
    const [answer] = await readAnswers(socket);
    assert.ok(answer);
    await assertProblem(answer, 408, 'request_timeout');
  });

  test('that is late is nothing that the operation takes for whole', async (t) => {
    const { promise: ended, resolve } = Promise.withResolvers<unknown>();
    const late = await startBareServer({
      arrival: { ...long, uploadMs: 100 },
      routes: [
        {
          operation: { ...operationOf('POST'), body: { 'text/csv': {} } },
          takesUpload: true,
          prepare: (surroundings) =>
            surroundings.addContentTypeParser('text/csv', (_request, body, done) => done(null, body)),
          async answer({ raw }) {
            raw
              .resume()
              .once('end', () => resolve('whole'))
              .once('error', resolve);
            return new Promise(() => undefined);
          },
        },
      ],
    });
    t.after(() => late.stop());
    const socket = await openSocket(late.url);
    socket.write(headOf('POST /slow HTTP/1.1', 'content-type: text/csv', 'content-length: 9'));
    const [answer] = await readAnswers(socket);
    assert.equal(answer?.status, 408);
    assert.ok((await ended) instanceof Error);
  });
});

test('a request that has arrived may be answered when it likes', async (t) => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const routes = [
    {
      operation: operationOf('GET'),
      async answer() {
        begin();
        await released;
        return {};
      },
    },
  ];
  const slow = await startBareServer({ arrival: short, routes });
  t.after(() => slow.stop());
  const asking = exchange(slow.url, headOf('GET /slow HTTP/1.1', 'connection: close'));
  await begun;
  // Others that begin later are late, one after the other.
  for (let late = 0; late < 3; late++) await readAnswers(await openSocket(slow.url));
  release();
  const [answer] = await asking;
  assert.equal(answer?.status, 200);
});

function operationOf(method: 'GET' | 'POST'): Operation {
  const answer = { status: 200, description: '' } as const;
  return { id: 'slow', method, path: '/slow', tag: 'Server', summary: '', answer, problems: [] };
}
