import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type PartnerCustomer, permissions } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { batch, partnerCustomers } from '../../testing/partnerContract.ts';
import { sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
const path = `${partnerCustomers}/batch`;

// In no order of their ids.
const ids = ['delta', 'alpha', 'echo', 'bravo', 'charlie'];
for (const customerId of ids) await send('POST', '/api/v1/customers', { body: { customerId } });
await sendOther('POST', '/api/v1/customers', { body: { customerId: 'foreign' } });
const restricted = await sendAs(
  server,
  await server.createApp({ permissions: [...permissions], customers: ['echo', 'alpha', 'delta'] }),
);

const list = (query = '', body?: unknown, by = send) =>
  batch<PartnerCustomer>(by, `${path}${query}`, body === undefined ? {} : { body });
const idsOf = ({ data }: { data: readonly PartnerCustomer[] }) => data.map(({ id }) => id);

describe('the customers', () => {
  test('are listed with the members of the contract, in its order', async () => {
    await send('PATCH', '/api/v1/customers/delta', {
      body: {
        organization: 'Delta Ltd',
        ownerEmail: 'owner@delta.example',
        jobStatus: 5,
        countryOrRegion: 'Netherlands',
        managementMode: 1,
      },
      headers: { 'if-match': '*' },
    });
    for (const [tenantId, type] of [
      ['t2', 0],
      ['t1', 2],
    ] as const) {
      await send('PUT', `/api/v1/customers/delta/tenants/${tenantId}`, {
        body: { type, name: `name of ${tenantId}`, availableSeats: 1, assignedSeats: 2 },
        headers: { 'if-match': '*' },
      });
    }
    const answer = await send('POST', `${path}?pageSize=2`);
    assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
    const customer = {
      id: 'delta',
      organization: 'Delta Ltd',
      ownerEmail: 'owner@delta.example',
      jobStatus: 5,
      countryOrRegion: 'Netherlands',
      managementMode: 1,
      tenants: [
        { id: 't1', name: 'name of t1' },
        { id: 't2', name: 'name of t2' },
      ],
    };
    const unknown = {
      id: 'alpha',
      organization: 'alpha',
      ownerEmail: '',
      jobStatus: 0,
      countryOrRegion: '',
      managementMode: 2,
      tenants: [],
    };
    const metadata = { pageIndex: 1, pageSize: 2, totalCount: 5 };
    assert.equal(await answer.text(), JSON.stringify({ data: [customer, unknown], metadata }));
  });

  test('come in the order in which they were created, those of the partner alone', async () => {
    assert.deepEqual(idsOf(await list()), ids);
    assert.deepEqual(idsOf(await list('', undefined, sendOther)), ['foreign']);
  });

  test('of a restricted app are those that it sees, by id', async () => {
    const page = await list('?pageSize=2', undefined, restricted);
    assert.deepEqual(idsOf(page), ['alpha', 'delta']);
    assert.equal(page.metadata.totalCount, 3);
    assert.deepEqual(idsOf(await list('?pageSize=2&pageIndex=2', undefined, restricted)), ['echo']);
  });
});

describe('a page', () => {
  test('is the first of 50 where nobody says which', async () => {
    assert.deepEqual((await list()).metadata, { pageIndex: 1, pageSize: 50, totalCount: 5 });
  });

  test('past the end is empty, and still says how many there are', async () => {
    for (const by of [send, restricted]) {
      for (const query of ['?pageIndex=7&pageSize=1', '?pageIndex=2147483647&pageSize=100']) {
        const { data, metadata } = await list(query, undefined, by);
        assert.deepEqual([data, metadata.totalCount], [[], by === send ? 5 : 3]);
      }
    }
    const none = await list('?pageIndex=2', { customerIds: ['alpha'] });
    assert.deepEqual([none.data, none.metadata.totalCount], [[], 1]);
  });

  test('is asked for in the body where the query does not, and in the query where both do', async () => {
    assert.deepEqual(idsOf(await list('', { pageIndex: 2, pageSize: 2 })), ['echo', 'bravo']);
    assert.deepEqual(idsOf(await list('?pageIndex=3', { pageIndex: 2, pageSize: 2 })), ['charlie']);
    assert.deepEqual(idsOf(await list('?pageSize=3', { pageIndex: 2, pageSize: 2 })), ['bravo', 'charlie']);
  });

  test('is asked for by names in any case, beside parameters that nobody knows', async () => {
    assert.deepEqual(idsOf(await list('?PageIndex=2&PAGESIZE=2&$top=1&customerId=x')), ['echo', 'bravo']);
    assert.deepEqual(idsOf(await list('', { PageIndex: 2, PAGESIZE: 2 })), ['echo', 'bravo']);
  });

  for (const value of ['0', '-1', '1.5', '01', '1e1', '', '%20', 'x', 'null', '99999999999']) {
    test(`is 400 parameter_invalid for the index or the size ${JSON.stringify(value)}`, async () => {
      for (const name of ['pageIndex', 'pageSize']) {
        const answer = await send('POST', `${path}?${name}=${value}`);
        const problem = await assertProblem(answer, 400, 'parameter_invalid');
        assert.deepEqual(errorsOf(problem), [`${name} value_invalid`]);
      }
    });
  }

  test('is 400 parameter_invalid for more than 100 rows, an index beyond 32 bits, and what is said twice', async () => {
    for (const query of [
      'pageSize=101',
      'pageIndex=2147483648',
      'pageSize=1&pageSize=2',
      'pageSize=1&PageSize=1',
    ])
      await assertProblem(await send('POST', `${path}?${query}`), 400, 'parameter_invalid');
    assert.equal((await list('?pageSize=100')).metadata.pageSize, 100);
  });

  for (const value of [0, -1, 1.5, '2', true, [1], 2_147_483_648]) {
    test(`is 400 body_invalid for the index ${JSON.stringify(value)} in the body, also beside a query`, async () => {
      const answer = await send('POST', `${path}?pageIndex=1`, { body: { pageIndex: value } });
      const problem = await assertProblem(answer, 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), ['pageIndex value_invalid']);
    });
  }
});

describe('a filter', () => {
  test('finds those that it names, by id, whatever their case and however often', async () => {
    const page = await list('', { customerIds: ['ECHO', 'bravo', 'echo'] });
    assert.deepEqual(idsOf(page), ['bravo', 'echo']);
    assert.equal(page.metadata.totalCount, 2);
    assert.deepEqual(idsOf(await list('?pageSize=1&pageIndex=2', { customerIds: ['echo', 'bravo'] })), [
      'echo',
    ]);
  });

  test('does not find what is unknown, of another partner, not to be seen, or no id at all', async () => {
    const customerIds = ['alpha', 'nobody', 'foreign', '', '-', 'x'.repeat(65), 'bravo'];
    assert.deepEqual(idsOf(await list('', { customerIds })), ['alpha', 'bravo']);
    const seen = await list('', { customerIds }, restricted);
    assert.deepEqual([idsOf(seen), seen.metadata.totalCount], [['alpha'], 1]);
  });

  test('that names nobody finds nobody', async () => {
    for (const by of [send, restricted]) {
      const { data, metadata } = await list('', { customerIds: [] }, by);
      assert.deepEqual([data, metadata.totalCount], [[], 0]);
    }
  });

  test('is none where it is null, or there is no body', async () => {
    for (const body of [{ customerIds: null }, { CUSTOMERIDS: null, pageSize: null }, {}, 'null', '', ' \n '])
      assert.deepEqual(idsOf(await list('', body)), ids);
  });

  test('names up to 1,000 customers', async () => {
    const customerIds = Array.from({ length: 1000 }, (_, index) => `c${index}`);
    assert.equal(
      (await list('', { customerIds: [...customerIds.slice(1), 'alpha'] })).metadata.totalCount,
      1,
    );
    const answer = await send('POST', path, { body: { customerIds: [...customerIds, 'alpha'] } });
    assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), [
      'customerIds value_invalid',
    ]);
  });

  const hint = (name: string) => `There is no such field. Did you mean ${name}?`;
  const unknown: readonly (readonly [body: object, field: string, message?: string])[] = [
    [{ customerId: 'alpha' }, 'customerId', hint('customerIds')],
    [{ CustomerID: ['alpha'] }, 'CustomerID', hint('customerIds')],
    [{ customersIds: ['alpha'] }, 'customersIds', hint('customerIds')],
    [{ page_size: 5 }, 'page_size', hint('pageSize')],
    [{ tenantIds: null }, 'tenantIds'],
    [{ '': 1 }, ''],
    [{ constructor: 1 }, 'constructor'],
  ];
  for (const [body, field, message = 'There is no such field.'] of unknown) {
    test(`of another name is never ignored: ${JSON.stringify(body)}`, async () => {
      const problem = await assertProblem(await send('POST', path, { body }), 400, 'body_invalid');
      assert.deepEqual(problem.errors, [{ field, code: 'field_unknown', message }]);
    });
  }

  test('of many other names is told the first 20 and how many there are, each of them shortened', async () => {
    const body = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`${index}${'x'.repeat(150)}`, 1]),
    );
    const problem = await assertProblem(await send('POST', path, { body }), 400, 'body_invalid');
    assert.deepEqual([problem.errors?.length, problem.errorCount], [20, 5000]);
    assert.ok(problem.errors?.every(({ field }) => field.length === 100));
  });

  test('is refused where it is there twice but for the case of its name', async () => {
    const body = '{"customerIds":["alpha"],"CustomerIds":["bravo"]}';
    const problem = await assertProblem(await send('POST', path, { body }), 400, 'body_invalid');
    assert.deepEqual(errorsOf(problem), ['customerIds field_twice']);
  });

  for (const body of ['[]', '[{}]', '"alpha"', 'true', '7', '{"customerIds":"alpha"}', '{"customerIds":[1]}'])
    test(`is 400 body_invalid where the body is ${body}`, async () => {
      await assertProblem(await send('POST', path, { body }), 400, 'body_invalid');
    });

  for (const body of ['{', '{"customerIds":[}', 'undefined', "{'a':1}", '{}{}', '\0'])
    test(`is 400 body_invalid where ${JSON.stringify(body)} is no JSON, which is not told back`, async () => {
      const { detail } = await assertProblem(await send('POST', path, { body }), 400, 'body_invalid');
      assert.equal(detail, 'The request body is not JSON.');
    });

  test('is JSON and nothing else: 415', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const headers = { 'content-type': type };
      const answer = await send('POST', path, { body: 'customerIds=alpha', headers });
      await assertProblem(answer, 415, 'content_type_unsupported');
    }
  });
});

test('__proto__ in a body is a name like any other', async () => {
  const problem = await assertProblem(
    await send('POST', path, { body: '{"__proto__":{"customerIds":["alpha"]}}' }),
    400,
    'body_invalid',
  );
  assert.deepEqual(errorsOf(problem), ['__proto__ field_unknown']);
});
