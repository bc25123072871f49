/** What a stream costs the server, whoever reads it and however slowly. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { products } from '@seatledger/contract';
import type { ImportRow } from '../../ledger/index.ts';
import { type Head, type RecordReads, watchHeads } from '../../record/index.ts';
import { assertProblem, openSocket } from '../../testing/answers.ts';
import { type BareServer, startBareServer } from '../../testing/bareServer.ts';
import { openStream } from '../../testing/eventStream.ts';
import { customer } from '../../testing/identity.ts';
import { openTestStore, type TestStore } from '../../testing/store.ts';
import type { Caller } from '../../identity/index.ts';
import { openStreams, streamBounds } from '../openStreams.ts';
import { streamEvents } from './streamEvents.ts';

let store: TestStore;
let server: BareServer;
let reads: { head: number; events: number; underway: number };
/** What the check of a token comes to, by the token; every token is good where it says nothing. */
let refused: Map<string, 'hangs' | 'rights_unverified'>;
let monotonicMs: number;
beforeEach(async () => {
  store = await openTestStore();
  reads = { head: 0, events: 0, underway: 0 };
  refused = new Map();
  monotonicMs = 0;
});
afterEach(async () => {
  await server.stop();
  store.close();
});

async function start({
  heartbeatMs = 15_000,
  bounds = streamBounds,
  head = (partnerId: number) => store.reads.record.head(partnerId),
}: {
  heartbeatMs?: number;
  bounds?: typeof streamBounds;
  head?: (partnerId: number) => Promise<Head>;
} = {}) {
  async function underway<Result>(reading: Promise<Result>): Promise<Result> {
    reads.underway++;
    return reading.finally(() => reads.underway--);
  }
  const record: RecordReads = {
    ...store.reads.record,
    head(partnerId) {
      reads.head++;
      return underway(head(partnerId));
    },
    eventsAfter(...asked) {
      reads.events++;
      return underway(store.reads.record.eventsAfter(...asked));
    },
  };
  const caller = (clientId: string) => {
    const known: Partial<Caller> = {
      clientId,
      partnerId: store.partnerId,
      customers: 'all',
      permissions: new Set(),
      scopeVersion: 'all',
      may: () => true,
    };
    return { caller: known as Caller };
  };
  const streams = openStreams(
    (token) => {
      const why = refused.get(token);
      if (why === 'hangs') return new Promise(() => undefined);
      return why === undefined ? caller(token) : { refused: why, cause: new Error('away') };
    },
    () => monotonicMs,
    bounds,
  );
  server = await startBareServer({
    authenticate: caller,
    routes: [streamEvents(record, watchHeads(record, { lookEveryMs: 20 }), streams, { heartbeatMs })],
  });
}
/** Customers whose events are as long as events get. */
async function importLongNames(count: number): Promise<void> {
  const [product] = products;
  assert.ok(product);
  const rows = Array.from(
    { length: count },
    (_, index): ImportRow => ({
      line: index + 1,
      customerId: customer(`c${index}`),
      organization: 'o'.repeat(200),
      productType: product.type,
      resource: 'default',
      seats: 1,
      startsAt: null,
      expiresAt: null,
      source: 's'.repeat(100),
      externalId: `${index}`.padStart(100, 'x'),
      licenceType: 'enterprise',
    }),
  );
  const input = { rowsPath: '', dryRun: false, replace: false, customers: 'all' } as const;
  await store.make('lines.import', input, { rows });
}
/** So much fits on the way; then the server waits, however often it looks. */
async function noMoreFits(): Promise<void> {
  for (let before = -1; before !== reads.events; ) {
    before = reads.events;
    for (let asked = 0; asked < 100 || reads.underway > 0; asked++)
      await (await fetch(`${server.url}/nothing`)).text();
  }
}
const follow = (token = 'app', query = '?after=0') => openStream(server.url, { token, query });

describe('a stream', () => {
  test('has a comment from time to time where there is nothing to tell', async () => {
    await start({ heartbeatMs: 30 });
    const stream = await follow('app', '');
    assert.notEqual((await stream.next())?.id, undefined);
    for (let beats = 0; beats < 3; beats++) assert.equal((await stream.next())?.isComment, true);
    await store.make('customer.create', { customerId: customer('ada'), facts: {} });
    for (;;) {
      const block = await stream.next();
      assert.ok(block);
      if (block.isComment) continue;
      assert.equal(block.data?.customerId, 'ada');
      break;
    }
    stream.close();
  });

  test('waits for who reads slowly, and ends for who does not read at all and may not any more', async () => {
    await importLongNames(9000);
    const { sequence } = await store.reads.record.head(store.partnerId);
    await start({ bounds: { ...streamBounds, perProcessMax: 2 } });
    const [slow, dead] = [await follow('slow'), await follow('dead')];
    await Promise.all([slow.next(), dead.next()]);
    await noMoreFits();
    assert.ok(reads.events < 0.75 * ((2 * sequence) / 100), String(reads.events));

    refused.set('dead', 'rights_unverified');
    for (;;) {
      const next = await follow('next', '');
      next.close();
      if (next.status === 200) break;
    }
    await assert.rejects(dead.ended(), { code: 'ECONNRESET' });

    const events = await slow.events(sequence);
    assert.deepEqual(
      events.map((event) => event.sequence),
      events.map((_, index) => index + 1),
    );
    slow.close();
  });

  test('ends for who takes nothing of it for half a minute', async () => {
    await importLongNames(9000);
    await start({
      bounds: {
        ...streamBounds,
        perProcessMax: 1,
        checkEveryMs: 5,
        uncheckedMsMax: Number.POSITIVE_INFINITY,
      },
    });
    const dead = await follow('dead');
    await dead.next();
    const isFreed = async () => {
      const next = await follow('next', '');
      next.close();
      return next.status === 200;
    };
    await noMoreFits();
    monotonicMs += 30_000;
    for (let asked = 0; asked < 50; asked++) assert.equal(await isFreed(), false);
    monotonicMs += 1;
    while (!(await isFreed()));
    await assert.rejects(dead.ended(), { code: 'ECONNRESET' });
  });

  test('costs a reading of the head now and then, however many there are', async () => {
    await start({ heartbeatMs: 400, bounds: { ...streamBounds, perAppMax: 50 } });
    const streams = await Promise.all(Array.from({ length: 50 }, () => follow('app', '')));
    await Promise.all(streams.map((stream) => stream.next()));
    const [first] = streams;
    assert.ok(first);
    // From one heartbeat to the next, which is 20 looks.
    while (!(await first.next())?.isComment);
    const before = reads.head;
    while (!(await first.next())?.isComment);
    assert.ok(reads.head - before <= 21, String(reads.head - before));
    for (const stream of streams) stream.close();
  });
});

describe('of all streams', () => {
  test('there is none of who left while it was looked at where it begins', async () => {
    const looked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    let isFirst = true;
    await start({
      bounds: { ...streamBounds, perProcessMax: 1 },
      async head(partnerId) {
        if (isFirst) {
          isFirst = false;
          looked.resolve();
          await left.promise;
        }
        return store.reads.record.head(partnerId);
      },
    });
    const leaving = await openSocket(server.url);
    leaving.write('GET /api/v1/events/stream HTTP/1.1\r\nhost: x\r\nauthorization: Bearer app\r\n\r\n');
    await looked.promise;
    leaving.resetAndDestroy();
    // The server has seen that it left once it has answered others, one after the other.
    for (let asked = 0; asked < 20; asked++) await (await fetch(`${server.url}/nothing`)).text();
    left.resolve();
    for (let asked = 0; asked < 20; asked++) await (await fetch(`${server.url}/nothing`)).text();
    const next = await follow('app', '');
    next.close();
    assert.equal(next.status, 200);
  });

  test('there are so many in a process and no more', async () => {
    await start({ bounds: { ...streamBounds, perProcessMax: 2 } });
    const streams = [await follow('one'), await follow('two')];
    const answer = await fetch(`${server.url}/api/v1/events/stream`, {
      headers: { authorization: 'Bearer three' },
    });
    await assertProblem(answer, 503, 'streams_busy');
    for (const stream of streams) stream.close();
  });

  test('those end that cannot be checked, at once or where the check takes too long', async () => {
    await start();
    const [one, other] = [await follow('one'), await follow('other')];
    await Promise.all([one.events(1), other.events(1)]);
    refused.set('one', 'rights_unverified');
    await one.ended();
    refused.set('other', 'hangs');
    monotonicMs += 501;
    await other.ended();
  });

  test('those end that cannot be read any more, and the server is well', async () => {
    let isAway = false;
    await start({
      head: (partnerId) => (isAway ? Promise.reject(new Error('away')) : store.reads.record.head(partnerId)),
    });
    const stream = await follow('app', '');
    await stream.next();
    isAway = true;
    await stream.ended();
    isAway = false;
    const again = await follow('app');
    await again.events(1);
    again.close();
  });
});
