import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { assertProblem, openSocket, readAnswers } from '../testing/answers.ts';
import { type BareServer, startBareServer } from '../testing/bareServer.ts';
import { makeTlsFiles, tlsPairOf } from '../testing/tlsCertificate.ts';
import { arrivalBounds } from './arrival.ts';
import { renewTls } from './tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatledger-tls-'));
after(() => rmSync(folder, { recursive: true }));
const pair = tlsPairOf(makeTlsFiles(folder, 'first'));
const access = { tls: pair, isReachedByTls: true, trustedProxies: [], corsOrigins: [] };
const server = await startBareServer({ access });
after(() => server.stop());

const request = 'GET /open HTTP/1.1\r\nhost: seats\r\nconnection: close\r\n\r\n';
const portOf = ({ app }: BareServer) => (app.server.address() as { port: number }).port;

/** A connection that has shaken hands, with a server whose certificate is not looked at. */
async function openTls(to: BareServer, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: portOf(to), rejectUnauthorized: false, ...options });
  await once(socket.setEncoding('latin1'), 'secureConnect');
  return socket;
}

async function answersTo(bytes: string, to = server): Promise<readonly Response[]> {
  const socket = await openTls(to);
  socket.write(bytes, 'latin1');
  return readAnswers(socket);
}

describe('a server with a certificate', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`speaks ${version}`, async () => {
      const socket = await openTls(server, { minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
      socket.write(request);
      const [answer] = await readAnswers(socket);
      assert.equal(answer?.status, 200);
      assert.notEqual(answer.headers.get('strict-transport-security'), null);
    });
  }

  test('speaks nothing older', async () => {
    const older = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await assert.rejects(openTls(server, older), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });

  test('is the one of the certificate, by the names in it', async () => {
    const socket = await openTls(server, { rejectUnauthorized: true, ca: pair.certificate });
    assert.ok(socket.authorized);
    socket.destroy();
  });

  for (const [what, bytes, status, code] of [
    ['what the parser refuses', 'GET /open FTP/1.1\r\n\r\n', 400, 'request_malformed'],
    [
      'headers that are too large',
      `GET /open HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    ['CONNECT', 'CONNECT elsewhere.example:443 HTTP/1.1\r\nhost: seats\r\n\r\n', 404, 'route_unknown'],
    ['no Host', 'GET /open HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'request_malformed'],
  ] as const) {
    test(`answers ${what} with ${status}, encrypted as all else, and closes the connection`, async () => {
      const [answer, ...others] = await answersTo(bytes);
      assert.ok(answer);
      assert.deepEqual(others, []);
      await assertProblem(answer, status, code);
    });
  }

  test('answers what is late with 408, and what is right before it first', async (t) => {
    const arrival = { headersMs: 1000, requestMs: 1000, uploadMs: 1000, checkMs: 10 };
    const hasty = await startBareServer({ access, arrival });
    t.after(() => hasty.stop());
    const [first, second] = await answersTo(
      `${request.replace('connection: close\r\n', '')}GET /open`,
      hasty,
    );
    assert.equal(first?.status, 200);
    assert.ok(second);
    await assertProblem(second, 408, 'request_timeout');
  });
});

describe('a peer that does not speak TLS', () => {
  test('gets nothing, and the next one is answered', async () => {
    for (const bytes of [request, '\x16\x03\x01\x00\x05hello', 'SSH-2.0-x\r\n']) {
      const socket = await openSocket(`http://127.0.0.1:${portOf(server)}`);
      // What comes is at most an alert of TLS, in no case an answer.
      socket.on('error', () => undefined).write(bytes, 'latin1');
      let text = '';
      socket.on('data', (chunk: string) => {
        text += chunk;
      });
      await new Promise((resolve) => socket.once('close', resolve));
      assert.ok(!text.includes('HTTP'), text);
    }
    assert.equal((await answersTo(request))[0]?.status, 200);
  });

  test('and resets its connection ends nothing but that', async () => {
    for (let time = 0; time < 100; time++) {
      const socket = await openSocket(`http://127.0.0.1:${portOf(server)}`);
      const closed = once(socket, 'close');
      socket.write('\x16\x03\x01', 'latin1');
      socket.resetAndDestroy();
      await closed;
    }
    assert.equal((await answersTo(request))[0]?.status, 200);
  });

  test('and says nothing is let go of when a request would be late', async (t) => {
    const arrival = { ...arrivalBounds, headersMs: 100, checkMs: 10 };
    const hasty = await startBareServer({ access, arrival });
    t.after(() => hasty.stop());
    const socket = await openSocket(`http://127.0.0.1:${portOf(hasty)}`);
    assert.deepEqual(await readAnswers(socket), []);
  });

  test('does not hold up a stop', async () => {
    const stopping = await startBareServer({ access });
    const accepted = once(stopping.app.server, 'connection');
    const socket = connectPlain({ host: '127.0.0.1', port: portOf(stopping) });
    const closed = once(socket.resume(), 'close');
    await accepted;
    await stopping.stop();
    await closed;
  });
});

describe('a certificate that is renewed', () => {
  const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN;

  test('is shown to connections that come from then on, and the others go on with theirs', async (t) => {
    const renewed = await startBareServer({ access });
    t.after(() => renewed.stop());
    const before = await openTls(renewed);
    renewTls(renewed.app.server, tlsPairOf(makeTlsFiles(folder, 'second')));
    const later = await openTls(renewed);
    assert.deepEqual([nameOf(before), nameOf(later)], ['first', 'second']);
    for (const socket of [before, later]) {
      socket.write(request);
      assert.equal((await readAnswers(socket))[0]?.status, 200);
    }
    const older = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await assert.rejects(openTls(renewed, older), { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });
});
