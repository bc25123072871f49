import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { permissions, type TenantSeatsPage } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { batch, collected, partnerCustomers } from '../../testing/partnerContract.ts';
import { sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

type TenantSeats = TenantSeatsPage['data'][number];

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const pathOf = (type: number | string, customerId = 'contoso') =>
  `${partnerCustomers}/${customerId}/3rd-party-products/type/${type}/tenants/batch`;

for (const customerId of ['contoso', 'fabrikam'])
  await send('POST', '/api/v1/customers', { body: { customerId } });
const ofType0 = ['t3', 'T1', 't2', 't1'];
for (const [tenantId, type] of [...ofType0.map((id) => [id, 0] as const), ['s1', 1] as const]) {
  const name = `name of ${tenantId}`;
  await send('PUT', `/api/v1/customers/contoso/tenants/${tenantId}`, {
    body: { type, name, availableSeats: 5, assignedSeats: 2_147_483_647 },
    headers: { 'if-match': '*' },
  });
}
const restricted = await sendAs(
  server,
  await server.createApp({ permissions: [...permissions], customers: ['fabrikam'] }),
);
const idsOf = ({ data }: { data: readonly TenantSeats[] }) => data.map(({ tenantId }) => tenantId);

describe('the tenants of a customer', () => {
  test('are listed by type, with the members of the contract in its order', async () => {
    const answer = await send('POST', pathOf(1));
    const tenant = {
      type: 1,
      tenantId: 's1',
      tenantName: 'name of s1',
      availableUserSeat: 5,
      assignedUserSeat: 2_147_483_647,
    };
    const metadata = { pageIndex: 1, pageSize: 50, totalCount: 1 };
    assert.equal(await answer.text(), JSON.stringify({ data: [tenant], metadata }));
  });

  test('are listed by id, and none where there is none of the type', async () => {
    assert.deepEqual(idsOf(await batch(send, pathOf(0))), ofType0.toSorted());
    for (const type of [2, 3]) {
      const { data, metadata } = await batch(send, pathOf(type));
      assert.deepEqual([data, metadata.totalCount], [[], 0]);
    }
  });

  test('are found by their ids, in the case that they have', async () => {
    const filtered = await batch<TenantSeats>(send, pathOf(0), {
      body: { TenantIds: ['t1', 's1', 'unknown', 't1'] },
    });
    assert.deepEqual([idsOf(filtered), filtered.metadata.totalCount], [['t1'], 1]);
    assert.deepEqual(idsOf(await batch(send, pathOf(0), { body: { tenantIds: [] } })), []);
    for (const body of [{ tenantIds: null }, 'null', {}, ''])
      assert.deepEqual(idsOf(await batch(send, pathOf(0), { body })), ofType0.toSorted());
  });

  test('are collected once each, by pages of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), async (pageSize) => {
        const rows = await collected<TenantSeats>(send, pathOf(0), { pageSize });
        assert.deepEqual(
          rows.map(({ tenantId }) => tenantId),
          ofType0.toSorted(),
        );
      }),
      { numRuns: 6 },
    );
  });
});

describe('a request for tenants', () => {
  for (const type of ['4', '-1', '00', '1.0', 'x', '%20'])
    test(`is 400 parameter_invalid for the type ${type}`, async () => {
      const problem = await assertProblem(await send('POST', pathOf(type)), 400, 'parameter_invalid');
      assert.deepEqual(errorsOf(problem), ['type value_invalid']);
    });

  test('is 404 customer_not_found for a customer that is not there, and for one out of scope', async () => {
    await assertProblem(await send('POST', pathOf(0, 'nobody')), 404, 'customer_not_found');
    await assertProblem(await restricted('POST', pathOf(0)), 404, 'customer_not_found');
    assert.deepEqual(idsOf(await batch(restricted, pathOf(0, 'FABRIKAM'))), []);
  });

  test('is 400 for what is wrong of it before it is 404', async () => {
    const nobody = pathOf(0, 'nobody');
    await assertProblem(await send('POST', pathOf(0, '-')), 400, 'customer_id_invalid');
    await assertProblem(await send('POST', pathOf(9, 'nobody')), 400, 'parameter_invalid');
    await assertProblem(await send('POST', `${nobody}?pageSize=0`), 400, 'parameter_invalid');
    for (const tenantIds of ['t1', [7], 7, [null]])
      await assertProblem(await send('POST', nobody, { body: { tenantIds } }), 400, 'body_invalid');
    const problem = await assertProblem(
      await send('POST', nobody, { body: { tenantId: 't1' } }),
      400,
      'body_invalid',
    );
    assert.equal(problem.errors?.[0]?.message, 'There is no such field. Did you mean tenantIds?');
  });
});
