import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { RecordHead, SeatDifference, SeatPoint } from '@seatledger/contract';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const day = 86_400_000;
/** A day after the partner was made, and before its apps' secrets expire. */
const firstDay = (Math.ceil(Date.now() / day) + 1) * day;
const isoDay = (number: number) => new Date(firstDay + number * day).toISOString();

const server = await startTestServer();
after(() => server.stop());

/** A token does not outlive a move of the clock, so each request brings a new one. */
const get = (path: string, as: TestApp = server.admin) => server.request(`/api/v1/${path}`, { as });
const change = (method: string, path: string, body: object, headers = {}) =>
  server.request(`/api/v1/${path}`, {
    as: server.admin,
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function linesOf<Row>(answer: Response): Promise<Row[]> {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  assert.equal(answer.headers.get('content-type'), 'application/x-ndjson');
  return text.split('\n').flatMap((line, index, all) => {
    assert.equal(line === '', index === all.length - 1);
    return line === '' ? [] : [JSON.parse(line) as Row];
  });
}
const historyOf = async (customerId: string, query = '', as?: TestApp) =>
  linesOf<SeatPoint>(await get(`customers/${customerId}/seats/2048/history${query}`, as));
const differences = async (query: string, as?: TestApp) =>
  linesOf<SeatDifference>(await get(`seats/diff?${query}`, as));
const head = async () => (await (await get('events/head')).json()) as RecordHead;

/** Numbers and cause of each point, with its day where a term is the cause. */
function told(points: readonly SeatPoint[]): readonly unknown[] {
  return points.map(({ at, purchased, assigned, available, cause }) => {
    const numbers = [purchased, assigned, available];
    if (cause === null) return [...numbers, 'beginning'];
    if (cause.kind === 'recorded') return [...numbers, cause.event, cause.reason];
    return [...numbers, cause.kind, (Date.parse(at) - firstDay) / day];
  });
}

// Day 1: 20 seats from day 2 to day 6. Day 3: two are assigned. Day 4: 5 more, backdated to day 0. Day 5: one is released.
server.setNow(firstDay + day);
await server.importCsv(
  `customerId,organization,productType,seats,startsAt,expiresAt\ncontoso,Contoso Ltd,2048,20,${isoDay(2)},${isoDay(6)}\n`,
);
const afterFirst = (await head()).sequence;
server.setNow(firstDay + 3 * day);
const users = ['ada', 'bob'];
await change(
  'POST',
  'customers/contoso/assignments',
  { productType: 2048, users },
  { 'change-reason': 'hired' },
);
server.setNow(firstDay + 4 * day);
await change('POST', 'customers/contoso/lines', { productType: 2048, seats: 5, startsAt: isoDay(0) });
server.setNow(firstDay + 5 * day);
await change('POST', 'customers/contoso/assignments/release', { productType: 2048, users: ['bob'] });

const whole = [
  [0, 0, 0, 'beginning'],
  [20, 0, 20, 'term_started', 2],
  [20, 2, 18, 'seat.assigned', 'hired'],
  [25, 2, 23, 'line.added', null],
  [25, 1, 24, 'seat.released', null],
];

describe('the history of the seats of a customer and product', () => {
  test('tells every change of a number since the record began, and why', async () => {
    const points = await historyOf('contoso');
    assert.deepEqual(told(points), whole);
    const [first, , assigned] = points;
    assert.ok(first && assigned?.cause?.kind === 'recorded');
    assert.ok(Date.parse(first.at) < firstDay);
    assert.equal(assigned.cause.actor, `app:${server.admin.clientId}`);
    assert.equal(assigned.at.slice(0, 10), isoDay(3).slice(0, 10));
  });

  test('tells the terms to come where it is asked for up to an instant to come', async () => {
    const points = await historyOf('contoso', `?to=${isoDay(7)}`);
    assert.deepEqual(told(points), [...whole, [5, 1, 4, 'term_ended', 6]]);
    assert.equal(points.at(-1)?.at, isoDay(6));
  });

  test('begins with the numbers of the moment that is asked for', async () => {
    const points = await historyOf('contoso', `?from=${isoDay(2)}&to=${isoDay(3.5)}`);
    assert.deepEqual(told(points), [[20, 0, 20, 'beginning'], whole[2]]);
    assert.equal(points[0]?.at, isoDay(2));
  });

  test('is asked for from event to event as well', async () => {
    const { sequence } = await head();
    const points = await historyOf('contoso', `?fromSequence=${afterFirst}&toSequence=${sequence - 1}`);
    assert.deepEqual(told(points), whole.slice(0, -1));
  });

  test('is one point of zeros for a known customer that never had a line', async () => {
    await change('POST', 'customers', { customerId: 'fresh' });
    assert.deepEqual(told(await historyOf('fresh')), [whole[0]]);
  });
});

describe('the difference of the seats between two moments', () => {
  test('has before, after, their difference, and every cause', async () => {
    const [row, ...more] = await differences(`from=${isoDay(2.5)}&to=${isoDay(6)}`);
    assert.deepEqual(more, []);
    assert.ok(row);
    const { causes, ...numbers } = row;
    assert.deepEqual(numbers, {
      customerId: 'contoso',
      organization: 'Contoso Ltd',
      productType: 2048,
      product: 'Cloud Backup for Microsoft 365',
      before: { purchased: 20, assigned: 0, available: 20 },
      after: { purchased: 5, assigned: 1, available: 4 },
      change: { purchased: -15, assigned: 1, available: -16 },
      causeCount: 4,
    });
    assert.deepEqual(told(causes), [...whole.slice(2), [5, 1, 4, 'term_ended', 6]]);
  });

  test('leaves out what differs in between alone', async () => {
    assert.deepEqual(await differences(`from=${isoDay(1.5)}&to=${isoDay(1.9)}`), []);
    await change('POST', 'customers/contoso/assignments', { productType: 2048, users: ['eve'] });
    await change('POST', 'customers/contoso/assignments/release', { productType: 2048, users: ['eve'] });
    const { sequence } = await head();
    assert.deepEqual(await differences(`fromSequence=${sequence - 2}`), []);
    assert.equal((await differences(`fromSequence=${sequence - 1}`)).length, 1);
  });

  test('lists a hundred causes and counts the others', async () => {
    const { sequence } = await head();
    await change('POST', 'customers', { customerId: 'busy' });
    await change('POST', 'customers/busy/lines', { productType: 2048, seats: 9 });
    for (let index = 0; index < 60; index++) {
      for (const rest of ['', '/release'])
        await change('POST', `customers/busy/assignments${rest}`, { productType: 2048, users: ['ada'] });
    }
    const [row] = await differences(`fromSequence=${sequence}&customerId=BUSY`);
    assert.deepEqual([row?.causes.length, row?.causeCount], [100, 121]);
    assert.equal((await historyOf('busy')).length, 122);
  });

  test('is of one customer or one product where that is asked for', async () => {
    await server.importCsv('customerId,productType,seats\nfabrikam,40,1\nfabrikam,2048,1\ncontoso,40,1\n');
    const keys = async (query: string) =>
      (await differences(`from=${isoDay(4.5)}&${query}`)).map(
        ({ customerId, productType }) => `${customerId} ${productType}`,
      );
    assert.deepEqual(await keys('customerId=fabrikam'), ['fabrikam 40', 'fabrikam 2048']);
    assert.deepEqual(await keys('productType=baseline%20management'), ['contoso 40', 'fabrikam 40']);
    assert.deepEqual(await keys('customerId=fabrikam&productType=40'), ['fabrikam 40']);
    const as = await server.createApp({ permissions: ['seatledger.read'], customers: ['fabrikam'] });
    const restricted = await differences(`from=${isoDay(4.5)}`, as);
    assert.deepEqual(new Set(restricted.map(({ customerId }) => customerId)), new Set(['fabrikam']));
    assert.deepEqual(await differences(`from=${isoDay(5)}&to=${isoDay(5.01)}`, server.otherAdmin), []);
  });
});

describe('a period that cannot be', () => {
  const refusals: readonly (readonly [string, string])[] = [
    ['from=1999-12-31', 'from before_first_event'],
    ['from=2026-01-01&to=1999-12-31', 'from before_first_event'],
    ['fromSequence=1&to=1999-12-31', 'to before_first_event'],
    ['from=soon', 'from instant_invalid'],
    [`from=${isoDay(2)}&to=soon`, 'to instant_invalid'],
    ['fromSequence=1000000', 'fromSequence after_last_event'],
    ['fromSequence=1&toSequence=1000000', 'toSequence after_last_event'],
    [`from=${isoDay(2)}&fromSequence=1`, 'from value_invalid'],
    [`from=${isoDay(2)}&to=${isoDay(3)}&toSequence=1`, 'to value_invalid'],
    [`from=${isoDay(3)}&to=${isoDay(2)}`, 'from value_invalid'],
    [`fromSequence=${afterFirst}&toSequence=1`, 'fromSequence value_invalid'],
    [`from=${isoDay(300)}`, 'from value_invalid'],
    ['fromSequence=0', 'fromSequence value_invalid'],
  ];
  for (const [query, error] of refusals) {
    test(`is refused before the first line: ${query}`, async () => {
      for (const path of ['customers/contoso/seats/2048/history', 'seats/diff']) {
        const problem = await assertProblem(await get(`${path}?${query}`), 400, 'parameter_invalid');
        assert.deepEqual(errorsOf(problem), [error]);
      }
    });
  }

  test('is a difference from nowhere', async () => {
    const problem = await assertProblem(await get('seats/diff'), 400, 'parameter_invalid');
    assert.deepEqual(errorsOf(problem), ['from value_required']);
  });

  test('is one of parameters that are not known', async () => {
    for (const path of ['customers/contoso/seats/2048/history', 'seats/diff']) {
      const problem = await assertProblem(await get(`${path}?since=x`), 400, 'parameter_unknown');
      assert.deepEqual(errorsOf(problem), ['since field_unknown']);
    }
  });

  test('is one of a product or of a customer that there is not, or that is not for the app to know', async () => {
    await assertProblem(await get('customers/nobody/seats/3/history'), 400, 'product_type_unknown');
    const unknown = await get('seats/diff?fromSequence=1&productType=3&customerId=nobody');
    assert.deepEqual(errorsOf(await assertProblem(unknown, 400, 'parameter_invalid')), [
      'productType product_type_unknown',
    ]);
    const as = await server.createApp({ permissions: ['seatledger.read'], customers: ['fabrikam'] });
    for (const pathOf of [
      (id: string) => `customers/${id}/seats/2048/history`,
      (id: string) => `seats/diff?fromSequence=1&customerId=${id}`,
    ]) {
      const missing = await get(pathOf('nobody'), as);
      await assertProblem(missing.clone(), 404, 'customer_not_found');
      const hidden = await comparable(missing);
      assert.deepEqual(await comparable(await get(pathOf('contoso'), as)), hidden);
      assert.deepEqual(await comparable(await get(pathOf('contoso'), server.otherAdmin)), hidden);
    }
  });
});
