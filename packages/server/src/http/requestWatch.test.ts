import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { pino } from 'pino';
import { countRequests, exposition } from '../metrics/index.ts';
import { exchange } from '../testing/answers.ts';
import { startBareServer } from '../testing/bareServer.ts';
import { readExposition } from '../testing/exposition.ts';
import { until } from '../testing/until.ts';

interface Line {
  readonly msg: string;
  readonly requestId: string;
  readonly operation: string;
  readonly status: number;
  readonly code?: string;
  readonly clientId?: string;
  readonly brokeOff?: boolean;
}

const lines: Line[] = [];
const log = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(JSON.parse(chunk.toString()) as Line);
    done();
  },
});
const requests = countRequests();
const server = await startBareServer({
  logger: pino({ level: 'info' }, log),
  requests,
  // Time enough for requests that are whole, also on a machine that is busy.
  arrival: { headersMs: 2000, requestMs: 2000, uploadMs: 4000, checkMs: 10 },
});
after(() => server.stop());

function counts(): Readonly<Record<string, number>> {
  const { samples = [] } =
    readExposition(exposition(requests.families)).get('seatledger_http_requests_total') ?? {};
  return Object.fromEntries(
    samples.map(({ labels, value }) => [`${labels['operation']} ${labels['status']}`, value]),
  );
}

/** Sends the bytes over a connection of its own until that is closed; gives what came. */
async function sent(bytes: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

const head = (line: string, ...fields: readonly string[]) =>
  [line, 'host: seats', 'authorization: Bearer an-app', ...fields, '', ''].join('\r\n');

describe('a request has one line and is counted once, as it was answered,', () => {
  const cases: readonly (readonly [what: string, bytes: string, expected: Partial<Line>])[] = [
    [
      'where it is answered',
      head('GET /guarded HTTP/1.1', 'connection: close'),
      { operation: 'guarded', status: 200, clientId: 'an-app' },
    ],
    [
      'where it is refused',
      'GET /guarded HTTP/1.1\r\nhost: seats\r\nauthorization: Bearer meek\r\nconnection: close\r\n\r\n',
      { operation: 'guarded', status: 403, code: 'permission_missing', clientId: 'meek' },
    ],
    [
      'where it is no HTTP',
      'nonsense\r\n\r\n',
      { operation: 'none', status: 400, code: 'request_malformed' },
    ],
    [
      'where its headers are too large',
      head('GET /open HTTP/1.1', `x: ${'a'.repeat(20_000)}`),
      { operation: 'none', status: 431, code: 'headers_too_large' },
    ],
    [
      'where the rest of it is late',
      head('POST /guarded HTTP/1.1', 'content-type: application/json', 'content-length: 9'),
      { operation: 'writing', status: 408, code: 'request_timeout', clientId: 'an-app' },
    ],
    [
      'where its body turns out to be no HTTP',
      `${head('POST /guarded HTTP/1.1', 'content-type: application/json', 'transfer-encoding: chunked')}zz\r\n`,
      { operation: 'writing', status: 400, code: 'request_malformed', clientId: 'an-app' },
    ],
  ];
  for (const [what, bytes, expected] of cases) {
    test(what, async () => {
      const [linesBefore, countsBefore] = [lines.length, counts()];
      const text = await sent(bytes);
      await until(async () => lines.length, linesBefore + 1);
      const { requestId, operation, status, code, clientId } = lines[linesBefore] ?? ({} as Line);
      const told = { operation, status, code, clientId };
      assert.deepEqual(told, { code: undefined, clientId: undefined, ...expected });
      assert.match(text, new RegExp(`^HTTP/1.1 ${status} `));
      assert.ok(text.includes(`request-id: ${requestId}\r\n`), text);
      const as = `${operation} ${status}`;
      assert.deepEqual(counts(), { ...countsBefore, [as]: (countsBefore[as] ?? 0) + 1 });
    });
  }

  test('where several follow each other unasked', async () => {
    const linesBefore = lines.length;
    const answers = await exchange(
      server.url,
      `${head('GET /guarded HTTP/1.1')}${head('GET /nowhere HTTP/1.1', 'connection: close')}`,
    );
    assert.equal(answers.length, 2);
    await until(async () => lines.slice(linesBefore).map(({ status }) => status), [200, 404]);
  });
});
