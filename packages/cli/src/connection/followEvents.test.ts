/** What becomes of who follows events where connections, tokens and servers end. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { operations } from '@seatledger/contract';
import { Failure } from '../failure.ts';
import { connectionTo } from './connection.ts';
import { followEvents, type Interruption } from './followEvents.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

function block(sequence: number): string {
  const event = { sequence, recordedAt: 'then', actor: 'app:x', kind: 'line.added', subject: 'é' };
  return `id: ${sequence}\nevent: line.added\ndata: ${JSON.stringify(event)}\n\n`;
}
const streaming =
  (text: string, cut: boolean): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text, () => (cut ? response.destroy() : response.end()));
  };
const refusing =
  (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, headers).end(JSON.stringify({ code, detail: 'No.' }));
  };

/** Follows a server that gives these answers, one a connection, until there is none left. */
async function followed(t: TestContext, answers: readonly Answer[], after?: number) {
  const left = [...answers];
  const askedAfter: (string | undefined)[] = [];
  const askedWith: (string | undefined)[] = [];
  let tokens = 0;
  const server = createServer((request, response) => {
    if (request.url === operations.issueToken.path) {
      response.end(JSON.stringify({ access_token: `token-${(tokens += 1)}`, expires_in: 3600 }));
      return;
    }
    askedAfter.push(request.headers['last-event-id'] as string | undefined);
    askedWith.push(request.headers.authorization);
    left.shift()?.(response, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const url = `http://127.0.0.1:${address.port}`;

  const ending = new AbortController();
  const interruptions: Interruption[] = [];
  const sequences: number[] = [];
  let failed: string | undefined;
  try {
    const batches = followEvents(connectionTo({ server: url, clientId: 'app', clientSecret: 'x' }), {
      after,
      signal: ending.signal,
      async onInterruption(interruption) {
        interruptions.push(interruption);
        if (left.length === 0) ending.abort();
      },
    });
    for await (const events of batches) sequences.push(...events.map(({ sequence }) => sequence));
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    failed = error.facts.code;
  }
  return {
    sequences,
    askedAfter,
    askedWith,
    failed,
    waits: interruptions.map(({ failure, after: place, waitMs }) => [failure?.facts.code, place, waitMs]),
  };
}

// Some proxies end an answer as if it were complete when what they pass on breaks off.
for (const [how, cut, code] of [
  ['breaks off', true, 'connection_broken'],
  ['looks complete', false, undefined],
] as const) {
  test(`an event that came half is told once, when it has come whole, where the answer ${how}`, async (t) => {
    const half = block(3).slice(0, -1);
    const { sequences, askedAfter, waits } = await followed(
      t,
      [streaming(`id: 1\n\n:\n\n${block(2)}${half}`, cut), streaming(block(3), false)],
      1,
    );
    assert.deepEqual(sequences, [2, 3]);
    assert.deepEqual(askedAfter, ['1', '2']);
    assert.deepEqual(waits, [
      [code, 2, 1000],
      [undefined, 3, 1000],
    ]);
  });
}

test('what is not seen moves the place, and so does the beginning where none was named', async (t) => {
  const { askedAfter } = await followed(t, [
    streaming('retry: 1000\nid: 7\n\n', true),
    streaming('id: 7\n\nid: 9\n\n', true),
    streaming('', false),
  ]);
  assert.deepEqual(askedAfter, [undefined, '7', '9']);
});

test('a server that says when to come again is not asked before, and one that is away less and less often', async (t) => {
  const { waits } = await followed(t, [
    streaming('id: 1\n\n', false),
    (response) => response.destroy(),
    refusing(503, 'streams_busy', { 'retry-after': '7' }),
  ]);
  assert.deepEqual(waits, [
    [undefined, 1, 1000],
    ['connection_broken', 1, 2000],
    ['streams_busy', 1, 7000],
  ]);
});

test('a token that is not good any more is got anew once, and then it is a failure', async (t) => {
  const { askedWith, failed } = await followed(t, [
    streaming('id: 1\n\n', false),
    refusing(401, 'token_invalid'),
    refusing(401, 'token_invalid'),
  ]);
  assert.deepEqual(askedWith, ['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  assert.equal(failed, 'token_invalid');
});

test('what no waiting mends is a failure at once', async (t) => {
  for (const [status, code] of [
    [403, 'permission_missing'],
    [400, 'parameter_invalid'],
  ] as const) {
    const { failed } = await followed(t, [streaming(block(1), false), refusing(status, code)]);
    assert.equal(failed, code);
  }
});

test('a first connection that fails is not tried again', async (t) => {
  const { failed, waits } = await followed(t, [refusing(503, 'streams_busy', { 'retry-after': '7' })]);
  assert.deepEqual([failed, waits], ['streams_busy', []]);
});
