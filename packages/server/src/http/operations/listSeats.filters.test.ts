/** Which rows the list has, and in which order: by number, by customer group, as of a moment, in pages of any size. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type ProductSeats, type SeatSort, seatSorts, type SeatsPage } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { type Send, sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);

const path = '/api/v1/seats';
async function page(query = '', by = send): Promise<SeatsPage> {
  const answer = await by('GET', `${path}${query}`);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as SeatsPage;
}
/** Every row, in pages of so many, with something done between any two. */
async function pages(
  query: string,
  limit: number,
  { by = send, between = async () => {} }: { by?: Send; between?: () => Promise<unknown> } = {},
): Promise<ProductSeats[]> {
  const rows: ProductSeats[] = [];
  let cursor = '';
  for (;;) {
    const { data, nextCursor } = await page(`?limit=${limit}${query}${cursor}`, by);
    rows.push(...data);
    if (nextCursor === null) return rows;
    assert.equal(data.length, limit);
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    await between();
  }
}
const keysOf = (rows: readonly ProductSeats[]) =>
  rows.map(({ customerId, productType }) => `${customerId} ${productType}`);

const names = Array.from({ length: 60 }, (_, index) => `c${String(index).padStart(2, '0')}`);
const users = ['ada', 'bob', 'eve', 'joe', 'kim'];
// From 0 to 4 seats, and up to 5 users that hold one: some customers have a deficit once their lines shrink.
await server.importCsv(
  `customerId,productType,seats,externalId\n${names
    .flatMap((name, index) => [
      `${name},2048,5,x-${name}`,
      ...(index % 2 ? [`${name},40,${index % 7},`] : []),
    ])
    .join('\n')}\n`,
);
for (const [index, name] of names.entries()) {
  const held = users.slice(0, index % 6);
  if (held.length > 0)
    await send('POST', `/api/v1/customers/${name}/assignments`, {
      body: { productType: 2048, users: held },
    });
}
await server.importCsv(
  `customerId,productType,seats,externalId\n${names.map((name, index) => `${name},2048,${index % 5},x-${name}`).join('\n')}\n`,
);
const groupOf = async (customerIds: readonly string[], name: string) => {
  const { groupId } = (await (await send('POST', '/api/v1/groups', { body: { name } })).json()) as {
    groupId: number;
  };
  if (customerIds.length > 0)
    await send('POST', `/api/v1/groups/${groupId}/customers`, { body: { customerIds } });
  return groupId;
};
const some = names.filter((_, index) => index % 3 === 0);
const group = await groupOf(some, 'some');
const empty = await groupOf([], 'empty');
const reader = async (scope: object) =>
  sendAs(server, await server.createApp({ permissions: ['seatledger.read'], ...scope }));
const sees = { c00: 'c00', c03: 'c03', c04: 'c04' };
const restricted = await reader({ customers: Object.values(sees) });

/** What the sentences of the document say. */
const isBelow =
  (share: number) =>
  ({ purchased, available }: ProductSeats) =>
    purchased === 0 ? available < 0 : available / purchased < share;
function inOrder(rows: readonly ProductSeats[], sort: SeatSort): readonly ProductSeats[] {
  if (sort === 'customerId') return rows;
  const by = sort.replace('-', '') as 'assigned' | 'available' | 'purchased';
  const sign = sort.startsWith('-') ? -1 : 1;
  // The list is by customer and product, and the order of what is equal stays.
  return rows.toSorted((one, other) => sign * (one[by] - other[by]));
}

describe('the list of seats, filtered and sorted', () => {
  test('has each row that passes exactly once and in order, in pages of any size', async () => {
    const { data: whole } = await page('?limit=1000');
    assert.ok(whole.some(({ available }) => available < 0));
    const filters = fc.record(
      {
        availableBelow: fc.integer({ min: -6, max: 8 }),
        availableShareBelow: fc.oneof(
          fc.constantFrom(0, 0.1, 0.25, 0.5, 1, 1e-7),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
        productType: fc.constantFrom('40', '2048'),
        groupId: fc.constantFrom(group, empty),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.constantFrom(...seatSorts),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('all', 'restricted'),
        async (filter, sort, limit, who) => {
          const isAll = who === 'all';
          const { availableBelow = Infinity, availableShareBelow, productType, groupId } = filter;
          if (!isAll && groupId === empty) return;
          const expected = whole
            .filter(({ customerId }) => isAll || customerId in sees)
            .filter(
              ({ customerId }) => groupId === undefined || (groupId === group && some.includes(customerId)),
            )
            .filter((row) => productType === undefined || String(row.productType) === productType)
            .filter(({ available }) => available < availableBelow)
            .filter((row) => availableShareBelow === undefined || isBelow(availableShareBelow)(row));
          const query = new URLSearchParams(
            Object.entries({ ...filter, sort }).map(([k, v]) => [k, String(v)]),
          );
          const rows = await pages(`&${query.toString()}`, limit, { by: isAll ? send : restricted });
          assert.deepEqual(rows, inOrder(expected, sort));
        },
      ),
      { numRuns: runs(30) },
    );
  });

  test('is of the moment of its first page by number too, while numbers change', async () => {
    for (const sort of ['available', '-purchased'] as const) {
      const whole = await pages(`&sort=${sort}`, 1000);
      let changes = 0;
      const between = () =>
        server.importCsv(
          `customerId,productType,seats,externalId\n${names.map((name) => `${name},2048,${(changes += 1) % 9},x-${name}`).join('\n')}\nnew-${changes},2048,0,\n`,
        );
      assert.deepEqual(await pages(`&sort=${sort}`, 30, { between }), whole);
    }
  });

  test('is as of any event what was answered then, also where most has changed since', async () => {
    const { data, sequence } = await page('?limit=1000');
    const ofGroup = await page(`?limit=1000&groupId=${group}&productType=2048`);
    const ofProduct = await page('?limit=1000&productType=2048');
    await server.importCsv(
      `customerId,productType,seats,externalId\n${names.map((name, index) => `${name},2048,${100 + index},x-${name}`).join('\n')}\nlater,2048,1,\n`,
    );
    const asOf = `asOfSequence=${sequence}`;
    assert.deepEqual((await page(`?limit=1000&${asOf}`)).data, data);
    for (const limit of [1, 7]) assert.deepEqual(await pages(`&${asOf}`, limit), data);
    assert.deepEqual(
      (await page(`?limit=1000&${asOf}&groupId=${group}&productType=2048`)).data,
      ofGroup.data,
    );
    assert.deepEqual(await pages(`&${asOf}&productType=2048`, 11), ofProduct.data);
  });

  test('counts seven of seventy as no less than a tenth', async () => {
    await server.importCsv('customerId,productType,seats\ntenth,4,70\n');
    const holders = Array.from({ length: 63 }, (_, index) => `user-${index}`);
    await send('POST', '/api/v1/customers/tenth/assignments', { body: { productType: 4, users: holders } });
    assert.deepEqual(keysOf((await page('?customerId=tenth&availableShareBelow=0.1')).data), []);
    assert.deepEqual(keysOf((await page('?customerId=tenth&availableShareBelow=0.11')).data), ['tenth 4']);
  });

  test('says of each number where it is from, and with which event it changed', async () => {
    const lines = [
      { productType: 65_536, seats: 1, source: 'pax8' },
      { productType: 65_536, seats: 2, source: '=ingram' },
      { productType: 65_536, seats: 3, source: 'over', startsAt: '2020-01-01', expiresAt: '2020-01-02' },
    ];
    const sequences: number[] = [];
    for (const body of lines) {
      const answer = await send('POST', '/api/v1/customers/c00/lines', { body });
      assert.equal(answer.status, 201, await answer.clone().text());
      sequences.push(((await answer.json()) as { changedSequence: number }).changedSequence);
    }
    const [row] = (await page('?customerId=c00&productType=65536')).data;
    assert.deepEqual(row?.source, ['=ingram', 'pax8']);
    assert.equal(row.sequence, sequences.at(-1));
    const one = await (await send('GET', '/api/v1/customers/c00/seats/65536')).json();
    assert.deepEqual((one as ProductSeats).source, ['=ingram', 'pax8']);
    const past = await page(`?customerId=c00&productType=65536&asOfSequence=${sequences[0]}`);
    assert.deepEqual(past.data[0]?.source, ['pax8']);
  });

  test('says when each number was recorded, of changes of one holding and of many', async () => {
    const { data } = await page('?limit=1000');
    const recordedAt = new Map<number, string>();
    for (let reached = 0, hasMore = true; hasMore; ) {
      const events = (await (await send('GET', `/api/v1/events?limit=1000&after=${reached}`)).json()) as {
        data: { sequence: number; recordedAt: string }[];
        nextAfter: number;
        hasMore: boolean;
      };
      for (const event of events.data) recordedAt.set(event.sequence, event.recordedAt);
      ({ nextAfter: reached, hasMore } = events);
    }
    for (const row of data) assert.equal(row.recordedAt, recordedAt.get(row.sequence));
  });
});

describe('a customer group that the list is asked of', () => {
  test('is, to who sees all customers, there or not', async () => {
    assert.deepEqual((await page(`?groupId=${empty}`)).data, []);
    await assertProblem(await send('GET', `${path}?groupId=987654`), 404, 'group_not_found');
  });

  test('of which an app sees no customer is to it as one that there is not', async () => {
    const hidden = await groupOf(['c01', 'c02'], 'hidden');
    const unseen = await restricted('GET', `${path}?groupId=${hidden}`);
    await assertProblem(unseen.clone(), 404, 'group_not_found');
    for (const groupId of [987_654, empty])
      assert.deepEqual(
        await comparable(await restricted('GET', `${path}?groupId=${groupId}`)),
        await comparable(unseen.clone()),
      );
    const other = await sendAs(server, server.otherAdmin);
    await assertProblem(await other('GET', `${path}?groupId=${group}`), 404, 'group_not_found');
  });

  test('shows an app the customers that it sees of it', async () => {
    const { data } = await page(`?groupId=${group}&productType=2048`, restricted);
    assert.deepEqual(keysOf(data), ['c00 2048', 'c03 2048']);
  });

  test('and a customer that is not in it have no row', async () => {
    assert.deepEqual((await page(`?groupId=${group}&customerId=c01`)).data, []);
    assert.equal((await page(`?groupId=${group}&customerId=c03`)).data.length, 2);
  });
});

describe('a query that the list does not know', () => {
  const cursorOf = (text: string) => Buffer.from(text).toString('base64url');
  for (const [query, errors] of [
    ['?groupId=x', ['groupId value_invalid']],
    ['?groupId=0', ['groupId value_invalid']],
    ['?availableBelow=1.5', ['availableBelow value_invalid']],
    ['?availableBelow=', ['availableBelow value_invalid']],
    ['?availableShareBelow=1.1', ['availableShareBelow value_invalid']],
    ['?availableShareBelow=-0.1', ['availableShareBelow value_invalid']],
    ['?sort=organization', ['sort value_invalid']],
    ['?sort=-customerId', ['sort value_invalid']],
    [`?sort=available&cursor=${cursorOf('c00 2048 9 9')}`, ['cursor cursor_invalid']],
    [`?sort=available&cursor=${cursorOf('-available 1 c00 2048 9 9')}`, ['cursor cursor_invalid']],
    [`?cursor=${cursorOf('available 1 c00 2048 9 9')}`, ['cursor cursor_invalid']],
    [`?sort=available&cursor=${cursorOf('available x c00 2048 9 9')}`, ['cursor cursor_invalid']],
  ] as const) {
    test(`such as ${query} is refused`, async () => {
      const problem = await assertProblem(await send('GET', `${path}${query}`), 400, 'parameter_invalid');
      assert.deepEqual(errorsOf(problem), errors);
    });
  }
});
