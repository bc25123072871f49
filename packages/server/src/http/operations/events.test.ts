import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type EventsPage, importColumns, type RecordedEvent, type RecordHead } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { type Send, sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);

async function page(query = '', by = send): Promise<EventsPage> {
  const answer = await by('GET', `/api/v1/events${query}`);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as EventsPage;
}
const head = async (by: Send = send) => (await (await by('GET', '/api/v1/events/head')).json()) as RecordHead;

/** Everything after an event, in pages of so many, with something done between any two. */
async function all(
  { after: from = 0, limit, by }: { after?: number; limit: number; by?: Send },
  between: () => Promise<unknown> = async () => {},
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let reached = from;
  for (;;) {
    const { data, nextAfter, hasMore } = await page(`?after=${reached}&limit=${limit}`, by);
    assert.ok(data.length <= limit);
    for (const { sequence } of data) assert.ok(sequence > reached && sequence <= nextAfter);
    events.push(...data);
    if (!hasMore) return events;
    assert.ok(nextAfter > reached);
    reached = nextAfter;
    await between();
  }
}
const sequencesOf = (events: readonly RecordedEvent[]) => events.map(({ sequence }) => sequence);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

await server.importCsv(
  `${importColumns.slice(0, 3).join(',')},seats\n${upTo(40)
    .map((index) => `customer-${index},Customer ${index},2048,${index}`)
    .join('\n')}\n`,
);
await send('POST', '/api/v1/customers/customer-1/lines', {
  body: { productType: 40, seats: 3, details: { package: 'all' } },
  headers: { 'change-reason': 'order 4711' },
});

describe('the events of the record', () => {
  test('are all there from the first to the head, in any size of pages', async () => {
    const { sequence } = await head();
    for (const limit of [1, 7, 1000]) assert.deepEqual(sequencesOf(await all({ limit })), upTo(sequence));
  });

  test('say when, who, why and what, with the state before and after', async () => {
    const { sequence, recordedAt } = await head();
    const { data } = await page(`?after=${sequence - 1}`);
    assert.deepEqual(data, [
      {
        sequence,
        recordedAt,
        actor: `app:${server.admin.clientId}`,
        reason: 'order 4711',
        kind: 'line.added',
        subject: String(sequence),
        customerId: 'customer-1',
        before: null,
        after: data[0]?.after,
      },
    ]);
    const state = data[0]?.after;
    assert.deepEqual([state?.['seats'], state?.['details']], [3, { package: 'all' }]);
  });

  test('of one change share instant, actor and reason, however the pages cut it', async () => {
    const imported = (await all({ limit: 1 })).filter(({ kind }) => kind === 'customer.created');
    assert.equal(imported.length, 40);
    assert.equal(new Set(imported.map(({ recordedAt }) => recordedAt)).size, 1);
    assert.deepEqual(await all({ limit: 1 }), await all({ limit: 1000 }));
  });

  test('are a hundred in a page where nothing else is asked', async () => {
    const { sequence } = await head();
    assert.equal((await page()).data.length, Math.min(sequence, 100));
  });

  test('after the last are none, and one goes on from there', async () => {
    const { sequence } = await head();
    assert.deepEqual(await page(`?after=${sequence}`), { data: [], nextAfter: sequence, hasMore: false });
  });

  test('are read exactly once by who follows them while they are recorded', async () => {
    const { sequence: from } = await head();
    async function write(name: string) {
      for (let index = 0; index < 30; index++) {
        const customerId = `${name}-${index}`;
        await send('POST', '/api/v1/customers', { body: { customerId } });
        // Several events in one change.
        await send('POST', `/api/v1/customers/${customerId}/lines`, { body: { productType: 40, seats: 3 } });
        const users = ['ada', 'bob', 'eve'];
        await send('POST', `/api/v1/customers/${customerId}/assignments`, {
          body: { productType: 40, users },
        });
      }
    }
    const writing = Promise.all(['one', 'two', 'three'].map(write));
    const recorded = 3 * 30 * 5;
    const followed: RecordedEvent[] = [];
    while (followed.length < recorded)
      followed.push(...(await all({ after: followed.at(-1)?.sequence ?? from, limit: 7 })));
    await writing;
    const { sequence } = await head();
    assert.equal(sequence - from, recorded);
    assert.deepEqual(sequencesOf(followed), upTo(sequence).slice(from));
    assert.deepEqual(followed, await all({ after: from, limit: 1000 }));
  });

  test('of another partner are its own', async () => {
    const events = await all({ limit: 1000, by: sendOther });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['partner.created', 'app.created'],
    );
    assert.equal((await head(sendOther)).sequence, 2);
  });
});

test('what apps may do is told to administrators alone', async () => {
  const reader = await sendAs(server, await server.createApp({ permissions: ['seatledger.read'] }));
  const toAdmin = await all({ limit: 1000 });
  assert.ok(toAdmin.some(({ kind }) => kind.startsWith('app.')));
  assert.deepEqual(
    await all({ limit: 1000, by: reader }),
    toAdmin.filter(({ kind }) => !kind.startsWith('app.')),
  );
});

describe('an app that sees some customers', () => {
  test('gets the events about those, each once, whatever lies between', async () => {
    const customers = ['customer-3', 'customer-40'];
    const by = await sendAs(server, await server.createApp({ permissions: ['seatledger.read'], customers }));
    await server.importCsv(
      `customerId,productType,seats\n${upTo(6000)
        .map((index) => `filler-${index},40,1`)
        .join('\n')}\ncustomer-3,40,1\n`,
    );
    const expected = (await all({ limit: 1000 })).filter(({ customerId }) =>
      customers.includes(customerId ?? ''),
    );
    assert.equal(expected.length, 5);
    for (const limit of [1, 2, 1000]) assert.deepEqual(await all({ limit, by }), expected);
  });

  test('gets a page that is short, or empty, where much of others lies between, and is told where to go on', async () => {
    const by = await sendAs(
      server,
      await server.createApp({ permissions: ['seatledger.read'], customers: ['customer-40'] }),
    );
    const { sequence } = await head();
    const first = await page('?limit=1000', by);
    assert.ok(first.hasMore && first.nextAfter < sequence);
    const second = await page(`?limit=1000&after=${first.nextAfter}`, by);
    assert.deepEqual(second.data, []);
    assert.ok(second.nextAfter > first.nextAfter);
  });
});

describe('the head of the record', () => {
  test('is the last event and the last link of the chain, which any change moves', async () => {
    const before = await head();
    assert.match(before.hash, /^[0-9a-f]{64}$/);
    assert.equal((await page(`?after=${before.sequence - 1}`)).data[0]?.recordedAt, before.recordedAt);
    await send('POST', '/api/v1/customers', { body: { customerId: 'mover' } });
    const moved = await head();
    assert.equal(moved.sequence, before.sequence + 1);
    assert.notEqual(moved.hash, before.hash);
    assert.deepEqual(await head(), moved);
  });
});

describe('a request for events that cannot be', () => {
  for (const [query, code, error] of [
    ['?after=-1', 'parameter_invalid', 'after value_invalid'],
    ['?after=x', 'parameter_invalid', 'after value_invalid'],
    ['?after=10000000', 'parameter_invalid', 'after after_last_event'],
    ['?limit=0', 'parameter_invalid', 'limit value_invalid'],
    ['?limit=1001', 'parameter_invalid', 'limit value_invalid'],
    ['?cursor=x', 'parameter_unknown', 'cursor field_unknown'],
    ['/head?x=1', 'parameter_unknown', 'x field_unknown'],
  ] as const) {
    test(`is refused: ${query}`, async () => {
      const answer = await send('GET', `/api/v1/events${query}`);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, code)), [error]);
    });
  }

  test('is one without the permission to read', async () => {
    const by = await sendAs(server, await server.createApp({ permissions: ['seatledger.write'] }));
    for (const path of ['', '/head'])
      await assertProblem(await by('GET', `/api/v1/events${path}`), 403, 'permission_missing');
  });
});
