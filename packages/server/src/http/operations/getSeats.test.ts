import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { AssignmentReport, CustomerSeats, SeatsPage } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { startTestServer } from '../../testing/server.ts';

const day = 86_400_000;
/** A day after the partner was made, and before its apps' secrets expire. */
const firstDay = (Math.ceil(Date.now() / day) + 1) * day;
const isoDay = (number: number) => new Date(firstDay + number * day).toISOString();

const server = await startTestServer();
after(() => server.stop());

/** A token does not outlive a move of the clock, so each request brings a new one. */
async function get(customerId: string, rest: string, as = server.admin): Promise<Response> {
  return server.request(`/api/v1/customers/${customerId}/seats/${rest}`, { as });
}
async function seatsOf(customerId: string, rest: string): Promise<CustomerSeats> {
  const answer = await get(customerId, rest);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as CustomerSeats;
}
const countOf = ({ purchased, assigned, available }: CustomerSeats) => [purchased, assigned, available];
async function post<Body>(path: string, body: object): Promise<Body> {
  const answer = await server.request(`/api/v1/customers/${path}`, {
    as: server.admin,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json() as Promise<Body>;
}
async function page(query: string): Promise<SeatsPage> {
  return (await server.request(`/api/v1/seats?${query}`, { as: server.admin })).json() as Promise<SeatsPage>;
}

// Day 1: 20 seats from day 4 to day 6. Day 3: 7 more, backdated to day 0.
server.setNow(firstDay + day);
await server.importCsv(
  `customerId,organization,productType,seats,startsAt,expiresAt\ncontoso,Contoso Ltd,2048,20,${isoDay(4)},${isoDay(6)}\n`,
);
const { asOfSequence: afterFirst } = await seatsOf('contoso', '2048');
server.setNow(firstDay + 3 * day);
await server.importCsv(`customerId,productType,seats,startsAt\ncontoso,2048,7,${isoDay(0)}\n`);

describe('the seats of a customer and product', () => {
  test('are the row that the list has of them, with the moment that they are of', async () => {
    const { asOf, asOfSequence, ...row } = await seatsOf('contoso', '2048');
    const { data, sequence } = await page('customerId=contoso&productType=2048');
    assert.deepEqual([row], data);
    assert.equal(asOfSequence, sequence);
    assert.ok(Math.abs(Date.parse(asOf) - server.now()) < 60_000);
  });

  test('are found by number or by name, whatever its case, and by the customer id in any case', async () => {
    const { asOf: _, ...expected } = await seatsOf('contoso', '2048');
    for (const [customerId, product] of [
      ['CONTOSO', '2048'],
      ['contoso', encodeURIComponent('cloud backup FOR Microsoft 365')],
    ] as const) {
      const { asOf: __, ...found } = await seatsOf(customerId, product);
      assert.deepEqual(found, expected);
    }
  });

  test('are none, of no event, for a customer that never had a line of the product', async () => {
    const { asOf, asOfSequence, ...row } = await seatsOf('contoso', '40');
    assert.deepEqual(row, {
      customerId: 'contoso',
      organization: 'Contoso Ltd',
      productType: 40,
      product: 'Baseline Management',
      purchased: 0,
      assigned: 0,
      available: 0,
      source: [],
      sequence: 0,
      recordedAt: null,
    });
    assert.ok(asOfSequence > 0 && asOf !== '');
  });
});

describe('the seats as of an instant', () => {
  for (const [on, seats, what] of [
    [1.5, 0, 'without a term that is still to begin then'],
    [2.9, 0, 'without what was recorded later, though it was backdated to before'],
    [3.5, 7, 'with it for who asks after it was recorded'],
    [4, 27, 'with the term that begins then'],
    [5.999, 27, 'with it up to its end'],
    [6, 7, 'and without it from its end on'],
  ] as const) {
    test(`on day ${on} are ${seats}, ${what}`, async () => {
      const found = await seatsOf('contoso', `2048?asOf=${isoDay(on)}`);
      assert.deepEqual(countOf(found), [seats, 0, seats]);
      assert.equal(found.asOf, isoDay(on));
    });
  }

  test('of a sequence are those after its change, with the terms of then', async () => {
    const found = await seatsOf('contoso', `2048?asOfSequence=${afterFirst}`);
    assert.deepEqual(countOf(found), [0, 0, 0]);
    assert.deepEqual([found.asOfSequence, found.sequence], [afterFirst, afterFirst]);
  });

  test('are what was answered then, whatever was assigned and released since', async () => {
    let customers = 0;
    const step = fc.record({
      kind: fc.constantFrom('', '/release'),
      users: fc.array(fc.constantFrom('ada', 'bob', 'eve', 'joe'), { minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const id = `as-of-${(customers += 1)}`;
        await post('', { customerId: id });
        await post(`${id}/lines`, { productType: 2048, seats: 4 });
        const answers: CustomerSeats[] = [];
        for (const { kind, users } of steps) {
          const body = { productType: 2048, users };
          const { seats } = await post<AssignmentReport>(`${id}/assignments${kind}`, body);
          const found = await seatsOf(id, '2048');
          assert.deepEqual(countOf(found), [seats.purchased, seats.assigned, seats.available]);
          answers.push(found);
        }
        for (const { asOf: _, ...answer } of answers) {
          const { asOf: __, ...again } = await seatsOf(id, `2048?asOfSequence=${answer.asOfSequence}`);
          assert.deepEqual(again, answer);
        }
      }),
      { numRuns: runs(5) },
    );
  });
});

describe('a moment that there is not', () => {
  for (const [query, error] of [
    ['asOf=1999-12-31', 'asOf before_first_event'],
    ['asOf=yesterday', 'asOf instant_invalid'],
    ['asOfSequence=1000000', 'asOfSequence after_last_event'],
    ['asOfSequence=0', 'asOfSequence value_invalid'],
    ['asOf=2026-01-01&asOfSequence=1', 'asOf value_invalid'],
  ] as const) {
    test(`is refused: ${query}`, async () => {
      const problem = await assertProblem(await get('contoso', `2048?${query}`), 400, 'parameter_invalid');
      assert.deepEqual(errorsOf(problem), [error]);
    });
  }
});

describe('what there is not', () => {
  test('is a parameter that is not known', async () => {
    const problem = await assertProblem(await get('contoso', '2048?at=x'), 400, 'parameter_unknown');
    assert.deepEqual(errorsOf(problem), ['at field_unknown']);
  });

  test('is a product, before a customer', async () => {
    for (const product of ['3', '02048', 'Office', '%20']) {
      await assertProblem(await get('nobody', product), 400, 'product_type_unknown');
    }
  });

  test('is a customer; one out of the app’s scope or of another partner answers the same', async () => {
    await server.importCsv('customerId,productType,seats\nforeign,2048,1\n', server.otherAdmin);
    const as = await server.createApp({ permissions: ['seatledger.read'], customers: ['contoso'] });
    assert.equal((await get('contoso', '2048', as)).status, 200);
    await post('', { customerId: 'fabrikam' });
    const missing = await get('nobody', '2048', as);
    await assertProblem(missing.clone(), 404, 'customer_not_found');
    const expected = await comparable(missing);
    for (const answer of [
      await get('fabrikam', '2048', as),
      await get('foreign', '2048'),
      await get('contoso', '2048', server.otherAdmin),
      await get('-', '2048'),
    ])
      assert.deepEqual(await comparable(answer), expected);
  });

  test('is an answer without the permission to read', async () => {
    const as = await server.createApp({ permissions: ['seatledger.write'] });
    await assertProblem(await get('contoso', '2048', as), 403, 'permission_missing');
  });
});
