/** Peers that are slow, stuck or many cost their connections and nothing else. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import type { Operation } from '@seatledger/contract';
import { type BareServer, startBareServer } from '../testing/bareServer.ts';
import { boundConnections } from './connections.ts';
import type { Route } from './route.ts';

interface Bounds {
  connectionsMax?: number;
  stalledMs?: number;
  trustedProxies?: readonly string[];
}

async function startBounded(t: TestContext, bounds: Bounds, routes?: readonly Route[]) {
  const server = await startBareServer(routes === undefined ? {} : { routes });
  const told: number[] = [];
  boundConnections(server.app.server, {
    connectionsMax: 4,
    trustedProxies: [],
    monotonicMs: () => performance.now(),
    onRefusal: (count) => told.push(count),
    ...bounds,
  });
  t.after(async () => {
    server.app.server.closeAllConnections();
    await server.stop();
  });
  return { server, told };
}

function open({ url }: BareServer, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), localAddress });
  return socket.on('error', () => undefined);
}

/** Whether a request on the connection is answered, or the connection closed. */
async function isTaken(socket: Socket): Promise<boolean> {
  socket.write('GET /open HTTP/1.1\r\nhost: seats\r\n\r\n');
  const closed = once(socket, 'close').then(() => false);
  return Promise.race([once(socket, 'data').then(() => true), closed]);
}

describe('connections', () => {
  test('beyond the most are closed at once, told once, and taken again when others are over', async (t) => {
    const { server, told } = await startBounded(t, { trustedProxies: ['127.0.0.1'] });
    const sockets = Array.from({ length: 4 }, () => open(server));
    for (const socket of sockets) assert.equal(await isTaken(socket), true);
    for (let time = 0; time < 3; time++) assert.equal(await isTaken(open(server)), false);
    assert.deepEqual(told, [4]);
    for (const socket of sockets) socket.destroy();
    while (!(await isTaken(open(server))));
  });

  test('of one peer may be half of them, so that others are let in', async (t) => {
    const { server } = await startBounded(t, {});
    const taken = [];
    for (let time = 0; time < 4; time++) taken.push(await isTaken(open(server)));
    assert.deepEqual(taken, [true, true, false, false]);
    assert.equal(await isTaken(open(server, '127.0.0.2')), true);
  });

  test('of a trusted proxy may be all of them', async (t) => {
    const { server } = await startBounded(t, { trustedProxies: ['127.0.0.0/8'] });
    for (let time = 0; time < 4; time++) assert.equal(await isTaken(open(server)), true);
  });
});

/** An answer without end, of which the server tells how much it has made. */
function endless(): { route: Route; made: () => number; ended: Promise<void> } {
  let bytes = 0;
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const operation: Operation = {
    id: 'endless',
    method: 'GET',
    path: '/endless',
    tag: 'Server',
    summary: '',
    answer: { status: 200, description: '' },
    problems: [],
  };
  async function* texts() {
    try {
      for (;;) {
        bytes += 65_536;
        yield 'x'.repeat(65_536);
      }
    } finally {
      resolve();
    }
  }
  const answer: Route['answer'] = async (_request, reply) =>
    reply.send(Readable.from(texts(), { highWaterMark: 1 }));
  return { route: { operation, answer }, made: () => bytes, ended };
}

describe('a peer that reads nothing of a long answer', () => {
  test('loses its connection, and until then the answer is made no further than the way to it holds', async (t) => {
    const { route, made, ended } = endless();
    const { server } = await startBounded(t, { stalledMs: 300 }, [route]);
    const socket = open(server);
    socket.write('GET /endless HTTP/1.1\r\nhost: seats\r\n\r\n');
    socket.pause();
    await ended;
    assert.ok(made() < 64 * 1_048_576, `${made()} bytes`);
  });

  test('keeps it while it takes something now and then', async (t) => {
    const { route } = endless();
    const { server } = await startBounded(t, { stalledMs: 300 }, [route]);
    const socket = open(server);
    socket.write('GET /endless HTTP/1.1\r\nhost: seats\r\n\r\n');
    const until = performance.now() + 1500;
    let bytes = 0;
    while (performance.now() < until) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      bytes += chunk.length;
    }
    assert.ok(bytes > 0 && !socket.destroyed);
    socket.destroy();
  });
});
