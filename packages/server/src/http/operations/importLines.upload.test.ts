/** How the body of an import is taken in: bounded, whole, and without a trace of what did not arrive. */

import assert from 'node:assert/strict';
import { on } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { importBytesMax, type ImportReport, type SeatsPage } from '@seatledger/contract';
import { pino } from 'pino';
import { openStaging } from '../../store/staging.ts';
import { assertProblem, exchange, openSocket } from '../../testing/answers.ts';
import { startTestServer } from '../../testing/server.ts';
import { createHttpServer } from '../server.ts';
import { importLines } from './importLines.ts';

const file = 'customerId,productType,seats\ncontoso,2048,25\n';
const server = await startTestServer();
after(() => server.stop());
const authorization = `Bearer ${await server.token(server.admin)}`;
const headOf = (...fields: string[]) =>
  ['POST /api/v1/import HTTP/1.1', 'host: seats', `authorization: ${authorization}`, ...fields, '', ''].join(
    '\r\n',
  );

/** Resolves when the folder holds so many files. */
async function untilFiles(folder: string, count: number): Promise<void> {
  const watcher = watch(folder);
  // Kept from here on: a change while the folder is read is not missed.
  const changes = on(watcher, 'change');
  while ((await readdir(folder)).length !== count) await changes.next();
  watcher.close();
}

describe('a body', () => {
  test('that says it is larger than the bound is 413 before any of it is sent', async () => {
    const [answer] = await exchange(
      server.url,
      headOf('content-type: text/csv', `content-length: ${importBytesMax + 1}`, 'connection: close'),
    );
    assert.ok(answer);
    await assertProblem(answer, 413, 'body_too_large');
  });

  for (const [what, fields] of [
    ['neither a body nor a type', []],
    ['no body, and another type', ['content-type: text/plain', 'content-length: 0']],
  ] as const) {
    test(`is needed: a request with ${what} is 415`, async () => {
      const [answer] = await exchange(server.url, headOf(...fields, 'connection: close'));
      assert.ok(answer);
      await assertProblem(answer, 415, 'content_type_unsupported');
    });
  }

  test('of text/plain is 415, even if it is a good file', async () => {
    const headers = { authorization, 'content-type': 'text/plain' };
    const answer = await server.request('/api/v1/import', { method: 'POST', headers, body: file });
    await assertProblem(answer, 415, 'content_type_unsupported');
  });

  test('of which the caller sends a part and hangs up leaves no file and changes nothing', async () => {
    const staging = server.place.stagingFolder();
    const socket = await openSocket(server.url);
    socket.write(headOf('content-type: text/csv', `content-length: ${file.length + 1}`));
    socket.write(file);
    await untilFiles(staging, 1);
    socket.destroy();
    await untilFiles(staging, 0);
    const answer = await server.request('/api/v1/seats', { headers: { authorization } });
    assert.deepEqual(((await answer.json()) as SeatsPage).data, []);
  });
});

describe('the bound of a body', () => {
  const bytesMax = 64;
  const report: ImportReport = {
    dryRun: false,
    lines: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    ended: 0,
    customersCreated: 0,
    endedLines: [],
    sequence: 0,
  };

  /** The route on a small bound, with what it logs. The body is taken in, and nothing is done with it. */
  async function serveSmall(t: TestContext) {
    const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
    let lastId = 0;
    const staging = openStaging(folder, () => String(++lastId));
    const logged: string[] = [];
    const stream = new Writable({
      write(line: Buffer, _encoding, done) {
        logged.push(line.toString());
        done();
      },
    });
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const app = createHttpServer({
      routes: [
        importLines(async (body) => {
          try {
            await (await staging.receive(body, bytesMax)).discard();
          } finally {
            settle();
          }
          return report;
        }),
      ],
      authenticate: () => ({
        caller: {
          clientId: 'an-app',
          partnerId: 1,
          permissions: new Set(),
          customers: 'all',
          scopeVersion: 'all',
          revision: '2025-09-26',
          credentialIds: new Set(),
          may: () => true,
        },
      }),
      logger: pino({ level: 'debug' }, stream),
      newId: () => 'an-id',
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    t.after(async () => {
      await app.close();
      await rm(folder, { recursive: true });
    });
    return { url, folder, logged, settled };
  }

  test('is taken, and one byte more is 413 and leaves no file', async (t) => {
    const small = await serveSmall(t);
    for (const [bytes, status] of [
      [bytesMax, 200],
      [bytesMax + 1, 413],
      [20_000_000, 413],
    ] as const) {
      for (const body of ['a'.repeat(bytes), ReadableStream.from([new Uint8Array(bytes)])]) {
        const headers = { authorization: 'Bearer a-token', 'content-type': 'text/csv' };
        const answer = await fetch(`${small.url}/api/v1/import`, {
          method: 'POST',
          headers,
          body,
          duplex: 'half',
        });
        if (status === 413) await assertProblem(answer, status, 'body_too_large');
        else assert.equal(answer.status, status);
        assert.deepEqual(await readdir(small.folder), []);
      }
    }
  });

  test('is not reached by a caller that hangs up, which is no failure of the server', async (t) => {
    const small = await serveSmall(t);
    const socket = await openSocket(small.url);
    socket.write(headOf('content-type: text/csv', 'content-length: 10'));
    socket.write('a');
    await untilFiles(small.folder, 1);
    socket.destroy();
    await small.settled;
    // What fails is told of, or not, before anything else is turned to.
    await setImmediate();
    assert.deepEqual(
      small.logged.filter((line) => line.includes('a request failed')),
      [],
    );
  });
});
