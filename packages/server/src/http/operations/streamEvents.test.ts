/** Whoever follows the record gets each event once, as soon as it is there and for as long as it may. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { EventsPage, ProblemCode, RecordedEvent, RecordHead } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { openStream, type TestStream } from '../../testing/eventStream.ts';
import { type Send, sendAs } from '../../testing/send.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const token = await server.token(server.admin);
const path = '/api/v1/events/stream';

const open: TestStream[] = [];
async function follow(query = '', options: { token?: string; lastEventId?: number | string } = {}) {
  const stream = await openStream(server.url, { token, query, ...options });
  open.push(stream);
  assert.equal(stream.status, 200);
  return stream;
}
after(() => {
  for (const stream of open) stream.close();
});
const headOf = async (by: Send = send) =>
  ((await (await by('GET', '/api/v1/events/head')).json()) as RecordHead).sequence;
async function listed(from: number, by: Send = send): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let reached = from; ; ) {
    const page = (await (await by('GET', `/api/v1/events?limit=1000&after=${reached}`)).json()) as EventsPage;
    events.push(...page.data);
    if (!page.hasMore) return events;
    reached = page.nextAfter;
  }
}
let customers = 0;
const addCustomer = async () =>
  send('POST', '/api/v1/customers', { body: { customerId: `customer-${(customers += 1)}` } });
type Told = readonly [status: 200, code?: undefined] | readonly [status: 401 | 403, code: ProblemCode];
const reader = (scope: object = {}) => server.createApp({ permissions: ['seatledger.read'], ...scope });

await server.importCsv('customerId,productType,seats\ncontoso,2048,25\nfabrikam,2048,30\n');

describe('the stream of events', () => {
  test('has every event after one as the list has it, under its sequence and kind', async () => {
    const stream = await follow('?after=0');
    assert.match(stream.headers['content-type'] ?? '', /^text\/event-stream\b/);
    assert.equal(stream.headers['cache-control'], 'no-store, no-transform');
    assert.equal(stream.headers['x-accel-buffering'], 'no');
    assert.equal(stream.headers['content-encoding'], undefined);
    const first = await stream.next();
    assert.deepEqual([first?.id, first?.data], [0, undefined]);
    for (const expected of await listed(0)) {
      const block = await stream.next();
      assert.deepEqual(block, {
        id: expected.sequence,
        event: expected.kind,
        data: expected,
        isComment: false,
      });
    }
    stream.close();
  });

  test('has, where nobody says from where on, what is recorded from now on, at once', async () => {
    const head = await headOf();
    const stream = await follow();
    assert.equal((await stream.next())?.id, head);
    let waitedMs = 0;
    for (let index = 0; index < 5; index++) {
      await addCustomer();
      const acknowledgedAt = performance.now();
      const [event] = await stream.events(1);
      waitedMs += performance.now() - acknowledgedAt;
      assert.deepEqual([event], await listed(head + index));
    }
    // Who only looks four times a second would wait for most of each quarter.
    assert.ok(waitedMs < 5 * 125, String(waitedMs));
    stream.close();
  });

  test('goes on after the last id that came, whatever the URL says', async () => {
    const head = await headOf();
    const stream = await follow('?after=1', { lastEventId: head - 2 });
    assert.deepEqual(await stream.events(2), await listed(head - 2));
    stream.close();
  });

  test('has each event once for who loses the connection again and again while others write', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 6 }),
        async (reads, writes) => {
          const from = await headOf();
          const writing = (async () => {
            for (const count of writes) await Promise.all(Array.from({ length: count }, addCustomer));
          })();
          const events: RecordedEvent[] = [];
          let lastEventId = from;
          for (const count of reads) {
            const stream = await follow('', { lastEventId });
            await stream.next();
            const left = writes.reduce((sum, each) => sum + each, 0) - events.length;
            events.push(...(await stream.events(Math.min(count, left))));
            lastEventId = stream.lastId ?? lastEventId;
            stream.close();
          }
          await writing;
          const rest = (await headOf()) - lastEventId;
          const last = await follow('', { lastEventId });
          events.push(...(await last.events(rest)));
          last.close();
          assert.deepEqual(events, await listed(from));
        },
      ),
      { numRuns: runs(15) },
    );
  });

  test('moves the id past what the app does not see, so that it is not read again', async () => {
    const app = await reader({ customers: ['contoso'] });
    const by = await sendAs(server, app);
    const stream = await follow('?after=0', { token: await server.token(app) });
    assert.deepEqual(await stream.events(2), await listed(0, by));
    for (let head = await headOf(); stream.lastId !== head; ) {
      const block = await stream.next();
      assert.equal(block?.data, undefined);
    }
    await addCustomer();
    const block = await stream.next();
    assert.deepEqual([block?.id, block?.data], [await headOf(), undefined]);
    await send('POST', '/api/v1/customers/contoso/lines', { body: { productType: 40, seats: 1 } });
    const [seen] = await stream.events(1);
    assert.equal(seen?.customerId, 'contoso');
    stream.close();
  });

  test('shows what apps may do to administrators alone', async () => {
    const stream = await follow('', { token: await server.token(await reader()) });
    await stream.next();
    await reader();
    await addCustomer();
    const [event] = await stream.events(1);
    assert.equal(event?.kind, 'customer.created');
    stream.close();
  });

  test('of another partner has nothing of this one', async () => {
    const other = await follow('?after=0', { token: await server.token(server.otherAdmin) });
    await addCustomer();
    assert.deepEqual(
      (await other.events(2)).map(({ kind }) => kind),
      ['partner.created', 'app.created'],
    );
    await server.importCsv('customerId,productType,seats\nforeign,1,40\n', server.otherAdmin);
    const [event] = await other.events(1);
    assert.equal(event?.customerId, 'foreign');
    other.close();
  });

  test('follows customers that come into the scope of the app', async () => {
    const { groupId } = (await (
      await send('POST', '/api/v1/groups', { body: { name: 'followed' } })
    ).json()) as { groupId: number };
    const app = await reader({ groups: [groupId] });
    const stream = await follow('', { token: await server.token(app) });
    await stream.next();
    await send('POST', `/api/v1/groups/${groupId}/customers`, { body: { customerIds: ['fabrikam'] } });
    await send('POST', '/api/v1/customers/fabrikam/lines', { body: { productType: 40, seats: 1 } });
    assert.deepEqual(
      (await stream.events(2)).map(({ kind, customerId }) => [kind, customerId]),
      [
        ['group.joined', 'fabrikam'],
        ['line.added', 'fabrikam'],
      ],
    );
    stream.close();
  });

  test('is not opened for who asks with HEAD', async () => {
    const head = await send('HEAD', path);
    assert.equal(head.status, 200);
    assert.match(head.headers.get('content-type') ?? '', /^text\/event-stream\b/);
    assert.equal(await head.text(), '');
  });
});

describe('a place that the record does not have', () => {
  for (const [query, lastEventId, error] of [
    ['?after=1000000', undefined, 'after after_last_event'],
    ['', 1_000_000, 'Last-Event-ID after_last_event'],
    ['?after=0', 'x', 'Last-Event-ID value_invalid'],
    ['', '-1', 'Last-Event-ID value_invalid'],
    ['', '1, 2', 'Last-Event-ID value_invalid'],
    ['?after=-1', undefined, 'after value_invalid'],
  ] as const) {
    test(`is refused: ${query} ${lastEventId ?? ''}`, async () => {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
      const problem = await assertProblem(
        await send('GET', `${path}${query}`, { headers }),
        400,
        'parameter_invalid',
      );
      assert.deepEqual(errorsOf(problem), [error]);
    });
  }
});

test('an app has ten streams open at the most, and another one once one of them is closed', async () => {
  const [app, other] = [await reader(), await reader()];
  const ofApp = await server.token(app);
  const streams = await Promise.all(Array.from({ length: 10 }, () => follow('', { token: ofApp })));
  const refused = await server.request(path, { headers: { authorization: `Bearer ${ofApp}` } });
  await assertProblem(refused, 429, 'stream_limit_reached');
  (await follow('', { token: await server.token(other) })).close();
  streams[3]?.close();
  for (;;) {
    const again = await openStream(server.url, { token: ofApp });
    again.close();
    if (again.status === 200) break;
  }
  for (const stream of streams) stream.close();
});

describe('a stream ends within a second', () => {
  const change = ({ clientId }: TestApp, body: object) =>
    send('PATCH', `/api/v1/apps/${clientId}`, { body, headers: { 'if-match': '*' } });
  /** What takes rights away, and what who comes again with the same token is told; 200 where it goes on with what is left. */
  const ends: Readonly<
    Record<string, readonly [(app: TestApp, ofApp: string) => Promise<unknown>, ...Told]>
  > = {
    'once the app is disabled': [(app) => change(app, { disabled: true }), 401, 'token_invalid'],
    'once the app is deleted': [
      ({ clientId }) => send('DELETE', `/api/v1/apps/${clientId}`),
      401,
      'token_invalid',
    ],
    'once the permission is taken': [
      (app) => change(app, { permissions: ['seatledger.write'] }),
      403,
      'permission_missing',
    ],
    'once another permission is taken': [(app) => change(app, { permissions: ['seatledger.read'] }), 200],
    'once the app sees fewer customers': [(app) => change(app, { customers: ['contoso'] }), 200],
    'once the token is revoked': [
      ({ clientId, clientSecret }, ofApp) =>
        fetch(`${server.url}/connect/revocation`, {
          method: 'POST',
          body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, token: ofApp }),
        }),
      401,
      'token_invalid',
    ],
    'once the token has expired': [
      async () => server.setNow(server.now() + 61 * 60_000),
      401,
      'token_expired',
    ],
  };
  for (const [when, [end, status, code]] of Object.entries(ends)) {
    test(when, async () => {
      const app = await reader({ permissions: ['seatledger.read', 'seatledger.write'] });
      const ofApp = await server.token(app);
      const stream = await follow('', { token: ofApp });
      await stream.next();
      const now = server.now();
      const answer = await end(app, ofApp);
      if (answer instanceof Response) assert.ok(answer.ok);
      const endedAt = performance.now();
      await stream.ended();
      assert.ok(performance.now() - endedAt < 1000);
      if (code === undefined) {
        assert.equal((await follow('', { token: ofApp })).status, status);
      } else {
        const refused = await server.request(path, { headers: { authorization: `Bearer ${ofApp}` } });
        await assertProblem(refused, status, code);
      }
      server.setNow(now);
    });
  }
});

test('a server that stops ends its streams at once, and waits for none of them', async () => {
  const stopping = await startTestServer();
  const ofAdmin = await stopping.token(stopping.admin);
  const streams = await Promise.all(
    Array.from({ length: 3 }, () => openStream(stopping.url, { token: ofAdmin, query: '?after=0' })),
  );
  await Promise.all(streams.map((stream) => stream.events(1)));
  const stoppedAt = performance.now();
  await Promise.all([stopping.stop(), ...streams.map((stream) => stream.ended())]);
  assert.ok(performance.now() - stoppedAt < 2000);
});
