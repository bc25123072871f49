import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { operations } from '@seatledger/contract';
import { Failure } from '../failure.ts';
import { hasMembers } from './answerShape.ts';
import { type Connection, connectionTo } from './connection.ts';

/** To a server that gives every app a token and answers what is asked with `answer`. */
async function connectionFor(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>,
): Promise<Connection> {
  const server = createServer((request, response) => {
    if (request.url !== operations.issueToken.path) void answer(request, response);
    else response.end(JSON.stringify({ access_token: 'token', expires_in: 3600 }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return connectionTo({ server: `http://127.0.0.1:${address.port}`, clientId: 'app', clientSecret: 'x' });
}

interface Line {
  readonly n: number;
}

function isLine(value: unknown): value is Line {
  return hasMembers(value, { n: 'number' });
}

/** The numbers of the lines that came before the answer ended, and the failure that it ended with. */
async function readLines(
  connection: Connection,
): Promise<{ read: readonly number[]; code: string | undefined }> {
  const read: number[] = [];
  try {
    for await (const lines of connection.lines(operations.listSeatDifferences, {}, isLine))
      read.push(...lines.map(({ n }) => n));
    return { read, code: undefined };
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return { read, code: error.facts.code };
  }
}

/** Whole lines first, so that the peer has them before the rest comes. */
async function writeInTwo(response: ServerResponse, second: string): Promise<void> {
  await new Promise((resolve) => response.write('{"n":1}\n{"n":2}\n', resolve));
  await new Promise((resolve) => response.write(second, resolve));
}

test('lines come as they are sent, wherever the answer is cut into pieces', async (t) => {
  const connection = await connectionFor(t, async (_, response) => {
    await writeInTwo(response, '{"n":');
    response.end('3}\n');
  });
  assert.deepEqual(await readLines(connection), { read: [1, 2, 3], code: undefined });
});

test('an answer without a line is none', async (t) => {
  const connection = await connectionFor(t, (_, response) => void response.end());
  assert.deepEqual(await readLines(connection), { read: [], code: undefined });
});

test('an answer that breaks off is a failure and not an end, at a line as in the middle of one', async (t) => {
  for (const second of ['{"n":3}\n', '{"n":']) {
    const connection = await connectionFor(t, async (_, response) => {
      await writeInTwo(response, second);
      response.destroy();
    });
    assert.equal((await readLines(connection)).code, 'connection_broken');
  }
});

test('an answer that ends in the middle of a line is a failure, though it looks complete', async (t) => {
  for (const end of ['{"n":', '{"n":3}']) {
    const connection = await connectionFor(t, (_, response) => void response.end(`{"n":1}\n${end}`));
    assert.deepEqual(await readLines(connection), { read: [1], code: 'connection_broken' });
  }
});

test('lines of something else are told as that', async (t) => {
  for (const text of ['<html>\n', '{"m":1}\n', 'null\n', '\n']) {
    const connection = await connectionFor(t, (_, response) => void response.end(text));
    assert.deepEqual(await readLines(connection), { read: [], code: 'answer_unreadable' });
  }
});

test('a refusal in place of lines is the problem that the server tells', async (t) => {
  const connection = await connectionFor(t, (_, response) => {
    response.writeHead(404).end(JSON.stringify({ code: 'customer_not_found', detail: 'There is none.' }));
  });
  assert.deepEqual(await readLines(connection), { read: [], code: 'customer_not_found' });
});

test('the version of a thing is the entity tag of its answer, which has to be there', async (t) => {
  const tagged = await connectionFor(t, (_, response) => {
    response.setHeader('etag', '"17"').end('{}');
  });
  assert.equal(await tagged.version(operations.listSeats, {}), '"17"');
  const untagged = await connectionFor(t, (_, response) => void response.end('{}'));
  await assert.rejects(
    untagged.version(operations.listSeats, {}),
    (error) => error instanceof Failure && error.facts.code === 'answer_unreadable',
  );
});
