import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { ProductSeats, SeatsPage } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../../testing/campaign.ts';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const importedAt = server.now();
await server.importCsv(
  [
    'customerId,organization,productType,resource,seats,expiresAt',
    'contoso,Contoso Ltd,2048,Office365Backup,20,',
    'contoso,Contoso Ltd,2048,Office365PPBackup,30,',
    'contoso,Contoso Ltd,40,,3,',
    'contoso,Contoso Ltd,1073741824,,9,',
    'ended,Ended,2048,,5,2020-01-01T00:00:01Z',
    ...['a', 'a-', 'a.b', 'a1', 'b', 'contos', 'contoso2', 'z'].flatMap((id) =>
      [1, 4, 32, 65536].map((type) => `${id},,${type},,1,`),
    ),
    '',
  ]
    .join('\n')
    .replace('2020-01-01T00:00:01Z', new Date(importedAt + 30 * 60_000).toISOString()),
);
await server.importCsv('customerId,productType,seats\nforeign,1,40\ncontoso,1,41\n', server.otherAdmin);
const ofSome = await server.createApp({
  permissions: ['seatledger.read'],
  customers: ['z', 'contoso', 'a.b'],
});
const tokens = new Map<TestApp, string>();
for (const app of [server.admin, ofSome]) tokens.set(app, await server.token(app));

function list(query = '', as: TestApp = server.admin): Promise<Response> {
  return server.request(`/api/v1/seats${query}`, { headers: { authorization: `Bearer ${tokens.get(as)}` } });
}
async function page(query = '', as?: TestApp): Promise<SeatsPage> {
  const response = await list(query, as);
  assert.equal(response.status, 200);
  return (await response.json()) as SeatsPage;
}
const keysOf = (rows: readonly ProductSeats[]) =>
  rows.map(({ customerId, productType }) => `${customerId} ${productType}`);

describe('the list of seats', () => {
  test('has a row for each customer and product that has a line, with its numbers', async () => {
    const { data, nextCursor } = await page('?customerId=contoso');
    assert.equal(nextCursor, null);
    const [first] = data;
    assert.ok(first);
    const { sequence, recordedAt, ...row } = first;
    assert.deepEqual(row, {
      customerId: 'contoso',
      organization: 'Contoso Ltd',
      productType: 40,
      product: 'Baseline Management',
      purchased: 3,
      assigned: 0,
      available: 3,
      source: ['import'],
    });
    assert.ok(sequence > 0);
    assert.ok(Date.parse(recordedAt) >= importedAt);
    assert.match(recordedAt, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    assert.deepEqual(
      data.map(({ productType, purchased }) => [productType, purchased]),
      [
        [40, 3],
        [2048, 30],
        [1_073_741_824, 9],
      ],
    );
  });

  test('is in the order of customer ids and of product types as numbers', async () => {
    const keys = keysOf((await page('?limit=1000')).data);
    const inOrder = keys.toSorted((one, other) => {
      const [[oneId = '', oneType], [otherId = '', otherType]] = [one.split(' '), other.split(' ')];
      return oneId === otherId ? Number(oneType) - Number(otherType) : oneId < otherId ? -1 : 1;
    });
    assert.deepEqual(keys, inOrder);
    assert.equal(keys.length, 36);
  });

  test('keeps the row of a product whose lines have all ended, with 0 seats', async () => {
    const now = server.now();
    server.setNow(importedAt + 40 * 60_000);
    const { data } = await page('?customerId=ended');
    server.setNow(now);
    assert.deepEqual(
      data.map(({ purchased, assigned, available }) => [purchased, assigned, available]),
      [[0, 0, 0]],
    );
  });

  test('shows an app that sees named customers those alone', async () => {
    const { data } = await page('', ofSome);
    assert.deepEqual([...new Set(data.map(({ customerId }) => customerId))], ['a.b', 'contoso', 'z']);
  });

  test('shows nothing of another partner', async () => {
    const { data } = await page('?limit=1000');
    assert.equal(keysOf(data).includes('contoso 1'), false);
    assert.equal(keysOf(data).includes('foreign 1'), false);
  });

  for (const [query, expected] of [
    ['?productType=2048', ['contoso 2048', 'ended 2048']],
    ['?productType=Cloud%20Backup%20for%20Microsoft%20365', ['contoso 2048', 'ended 2048']],
    ['?productType=CLOUD+backup+for+microsoft+365', ['contoso 2048', 'ended 2048']],
    ['?customerId=CONTOSO&productType=baseline%20management', ['contoso 40']],
    ['?customerId=contoso&productType=1', []],
    ['?productType=134217728', []],
  ] as const) {
    test(`filtered by ${query} has ${expected.length} rows`, async () => {
      const { data, nextCursor } = await page(query);
      assert.deepEqual(keysOf(data), expected);
      assert.equal(nextCursor, null);
    });
  }

  test('has 100 rows in a page where nothing else is asked, and at most 1000', async () => {
    const rows = Array.from({ length: 101 }, (_, index) => `many-${index},1,1`);
    await server.importCsv(`customerId,productType,seats\n${rows.join('\n')}\n`, server.otherAdmin);
    const by = { as: server.otherAdmin };
    const first = (await (await server.request('/api/v1/seats', by)).json()) as SeatsPage;
    assert.equal(first.data.length, 100);
    assert.notEqual(first.nextCursor, null);
    const whole = (await (await server.request('/api/v1/seats?limit=1000', by)).json()) as SeatsPage;
    assert.equal(whole.data.length, 103);
    assert.equal(whole.nextCursor, null);
  });

  test('paged by any limit, filter and customer scope covers each row exactly once, in order', async () => {
    const filters = ['', '&productType=1', '&customerId=contoso', '&customerId=contoso&productType=40'];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(...filters),
        fc.constantFrom(server.admin, ofSome),
        async (limit, filter, as) => {
          const whole = await page(`?limit=1000${filter}`, as);
          const rows: ProductSeats[] = [];
          let cursor: string | null = '';
          do {
            const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
            const { data, nextCursor } = await page(`?limit=${limit}${filter}${next}`, as);
            assert.equal(data.length, Math.min(limit, whole.data.length - rows.length));
            rows.push(...data);
            cursor = nextCursor;
          } while (cursor !== null);
          assert.deepEqual(rows, whole.data);
        },
      ),
      {
        numRuns: runs(25),
        examples: [
          [1, '', server.admin],
          [36, '', server.admin],
          [12, '', server.admin],
        ],
      },
    );
  });
});

describe('a query that the list does not know', () => {
  for (const [query, code, errors] of [
    ['?page=1', 'parameter_unknown', ['page field_unknown']],
    ['?Limit=1', 'parameter_unknown', ['Limit field_unknown']],
    ['?limit=1&a=1&b=2', 'parameter_unknown', ['a field_unknown', 'b field_unknown']],
    ['?limit=0', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=1001', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=1.5', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=-1', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=ten', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=1&limit=2', 'parameter_invalid', ['limit value_invalid']],
    ['?customerId=-', 'parameter_invalid', ['customerId value_invalid']],
    ['?customerId=', 'parameter_invalid', ['customerId value_invalid']],
    ['?customerId=a&customerId=b', 'parameter_invalid', ['customerId value_invalid']],
    [`?customerId=${'a'.repeat(65)}`, 'parameter_invalid', ['customerId value_invalid']],
    ['?productType=3', 'parameter_invalid', ['productType product_type_unknown']],
    ['?productType=02048', 'parameter_invalid', ['productType product_type_unknown']],
    ['?productType=Office', 'parameter_invalid', ['productType product_type_unknown']],
    ['?productType=', 'parameter_invalid', ['productType value_invalid']],
    [`?productType=${'a'.repeat(65)}`, 'parameter_invalid', ['productType value_too_long']],
    ['?cursor=', 'parameter_invalid', ['cursor value_invalid']],
    ['?cursor=garbage', 'parameter_invalid', ['cursor cursor_invalid']],
    ['?cursor=%F0%9F%92%A9', 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${btoa('contoso 3')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${btoa('-contoso 1')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${'a'.repeat(257)}`, 'parameter_invalid', ['cursor value_too_long']],
    ['?limit=0&x=1', 'parameter_invalid', ['x field_unknown', 'limit value_invalid']],
  ] as const) {
    test(`such as ${query.slice(0, 40)} is 400 ${code}, which names each field`, async () => {
      assert.deepEqual(errorsOf(await assertProblem(await list(query), 400, code)), errors);
    });
  }
});

describe('of two mistakes in one request the earlier check is answered', () => {
  const bad = '?limit=0';
  for (const [what, query, status, code] of [
    [
      'a value that cannot be, before a customer that there is not',
      '?limit=0&customerId=nobody',
      400,
      'parameter_invalid',
    ],
    [
      'a cursor that cannot be, before a customer that there is not',
      '?cursor=x&customerId=nobody',
      400,
      'parameter_invalid',
    ],
    [
      'an unknown product, before a customer that there is not',
      '?productType=3&customerId=nobody',
      400,
      'parameter_invalid',
    ],
    ['a customer that there is not', '?customerId=nobody', 404, 'customer_not_found'],
  ] as const) {
    test(what, async () => {
      await assertProblem(await list(query), status, code);
    });
  }

  test('no token, and no permission, before a value that cannot be', async () => {
    await assertProblem(await server.request(`/api/v1/seats${bad}`), 401, 'token_missing');
    const as = await server.createApp({ permissions: ['seatledger.write'] });
    await assertProblem(await server.request(`/api/v1/seats${bad}`, { as }), 403, 'permission_missing');
  });
});
