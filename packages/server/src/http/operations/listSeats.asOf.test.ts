import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { operations, type ProductSeats, type SeatsPage } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../../testing/campaign.ts';
import { startTestServer } from '../../testing/server.ts';

const day = 86_400_000;
/** A day after the partner was made, and before its apps' secrets expire. */
const firstDay = (Math.ceil(Date.now() / day) + 1) * day;
const isoDay = (number: number) => new Date(firstDay + number * day).toISOString();

const server = await startTestServer();
after(() => server.stop());

async function page(query: string, as = server.admin): Promise<SeatsPage> {
  const answer = await server.request(`${operations.listSeats.path}${query}`, { as });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json() as Promise<SeatsPage>;
}

async function refusal(query: string): Promise<readonly (readonly [string, string])[]> {
  const answer = await server.request(`${operations.listSeats.path}${query}`, { as: server.admin });
  assert.equal(answer.status, 400);
  const { code, errors } = (await answer.json()) as {
    code: string;
    errors: { field: string; code: string }[];
  };
  assert.equal(code, 'parameter_invalid');
  return errors.map((error) => [error.field, error.code] as const);
}

const purchased = (data: readonly ProductSeats[], customer: string) =>
  data.find(({ customerId }) => customerId === customer)?.purchased;

// Day 1: 20 seats, and 5 to come from day 4 to day 6. Day 3: 30 instead of 20, backdated to day 0.
server.setNow(firstDay + day);
await server.importCsv(
  `customerId,productType,seats,startsAt,expiresAt,externalId\ncontoso,2048,20,${isoDay(0)},,one\ncontoso,2048,5,${isoDay(4)},${isoDay(6)},two\n`,
);
const { sequence: afterFirst } = await page('');
server.setNow(firstDay + 3 * day);
await server.importCsv(
  `customerId,productType,seats,startsAt,externalId\ncontoso,2048,30,${isoDay(0)},one\n`,
);

describe('the seats as of an instant', () => {
  const numbers: readonly (readonly [number, number | undefined, string])[] = [
    [1.5, 20, 'what was recorded by then'],
    [2, 20, 'not what was recorded later, though it was backdated'],
    [3.5, 30, 'what is recorded now'],
    [4, 35, 'the terms of then, where they are to come'],
    [6, 30, 'no more of a term that has ended by then'],
  ];
  for (const [on, seats, what] of numbers) {
    test(`on day ${on} are ${what}`, async () => {
      const { data, asOf } = await page(`?asOf=${isoDay(on)}`);
      assert.equal(purchased(data, 'contoso'), seats);
      assert.equal(asOf, isoDay(on));
    });
  }

  test('say which event they include', async () => {
    assert.equal((await page(`?asOf=${isoDay(2)}`)).sequence, afterFirst);
  });

  test('before the record begins are refused, and so is what is no instant', async () => {
    assert.deepEqual(await refusal('?asOf=1999-12-31'), [['asOf', 'before_first_event']]);
    assert.deepEqual(await refusal('?asOf=yesterday'), [['asOf', 'instant_invalid']]);
  });
});

describe('the seats as of an event', () => {
  test('are those after its change, with the terms of then', async () => {
    const { data, sequence } = await page(`?asOfSequence=${afterFirst}`);
    assert.equal(purchased(data, 'contoso'), 20);
    assert.equal(sequence, afterFirst);
  });

  test('in the middle of a change are those before it: a change is seen whole or not at all', async () => {
    const { data, sequence } = await page(`?asOfSequence=${afterFirst - 1}`);
    assert.deepEqual(data, []);
    assert.ok(sequence < afterFirst - 1);
  });

  test('that is still to come are refused, and so are two moments at once', async () => {
    assert.deepEqual(await refusal('?asOfSequence=1000000'), [['asOfSequence', 'after_last_event']]);
    assert.deepEqual(await refusal(`?asOfSequence=1&asOf=${isoDay(2)}`), [['asOf', 'value_invalid']]);
  });

  test('are what was answered then, whatever happened since', async () => {
    const seats = fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(seats, async (numbers) => {
        const answers: SeatsPage[] = [];
        for (const number of numbers) {
          await server.importCsv(
            `customerId,productType,seats,externalId\nfabrikam,40,${number},f\nnorthwind,${number % 2 ? 42 : 49},${number},n\n`,
          );
          answers.push(await page(''));
        }
        for (const { sequence, data } of answers) {
          assert.deepEqual((await page(`?asOfSequence=${sequence}`)).data, data);
        }
      }),
      { numRuns: runs(5) },
    );
  });
});

describe('pages', () => {
  test('are all of the moment of the first, while lines change between them', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => `page-${index},2048,1,p-${index}`);
    await server.importCsv(`customerId,productType,seats,externalId\n${lines.join('\n')}\n`);
    const whole = await page('?limit=1000');
    const rows: ProductSeats[] = [];
    let { data, nextCursor } = await page('?limit=2');
    for (;;) {
      rows.push(...data);
      if (nextCursor === null) break;
      await server.importCsv(
        `customerId,productType,seats,externalId\n${lines.map((line) => line.replace(',1,', `,${rows.length + 2},`)).join('\n')}\nnew-${rows.length},2048,1,n-${rows.length}\n`,
      );
      ({ data, nextCursor } = await page(`?limit=2&cursor=${nextCursor}`));
    }
    assert.deepEqual(rows, whole.data);
  });

  test('are refused for a cursor that was given for another question', async () => {
    const { nextCursor } = await page('?limit=1&availableBelow=1000');
    assert.ok(nextCursor);
    await page(`?availableBelow=1000&limit=2&cursor=${nextCursor}`);
    for (const other of ['', 'availableBelow=999', 'availableBelow=1000&asOfSequence=1', 'productType=2048'])
      assert.deepEqual(await refusal(`?${other}&cursor=${nextCursor}`), [['cursor', 'cursor_invalid']]);
  });

  test('are refused for a cursor of an event that the record does not have', async () => {
    const { nextCursor, sequence } = await page('?limit=1');
    const text = Buffer.from(nextCursor ?? '', 'base64url').toString();
    for (const other of [`${sequence + 1} 9000000000000`, `${sequence} 1`, '0 9000000000000']) {
      const cursor = Buffer.from(text.replace(/\d+ \d+$/, other)).toString('base64url');
      assert.deepEqual(await refusal(`?cursor=${cursor}`), [['cursor', 'cursor_invalid']]);
    }
  });

  test('are refused for a cursor of a moment that cannot be', async () => {
    for (const text of [
      'contoso 2048',
      'contoso 2048 1 x',
      'contoso 2048 1 9000000000000000',
      'contoso 2048 1.5 1',
      'contoso 2048 1 1 1',
    ]) {
      const cursor = Buffer.from(text).toString('base64url');
      assert.deepEqual(await refusal(`?cursor=${cursor}`), [['cursor', 'cursor_invalid']]);
    }
  });
});
