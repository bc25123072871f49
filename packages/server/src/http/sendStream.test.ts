import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import type { FastifyReply } from 'fastify';
import { openSocket } from '../testing/answers.ts';
import { goneOf } from './sendStream.ts';

test('a peer is gone also where it left before anybody looked', async () => {
  const listening = createServer();
  await once(listening.listen(0, '127.0.0.1'), 'listening');
  const { port } = listening.address() as { port: number };
  const requested = once(listening, 'request');
  const peer = await openSocket(`http://127.0.0.1:${port}`);
  peer.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  const [, raw] = (await requested) as [unknown, FastifyReply['raw']];
  const reply = { raw } as FastifyReply;
  const before = goneOf(reply);
  assert.equal(before.aborted, false);
  const closed = once(raw, 'close');
  peer.destroy();
  await closed;
  assert.equal(before.aborted, true);
  assert.equal(goneOf(reply).aborted, true);
  listening.close();
});
