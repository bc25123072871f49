/** Whether a customer exists is not for everybody to know: what a caller may not see answers as what is not there. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertProblem, comparable } from '../../testing/answers.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\nfabrikam,2048,30\nshared,2048,1\n');
await server.importCsv('customerId,productType,seats\nforeign,2048,40\nshared,2048,2\n', server.otherAdmin);

const ofContoso = await server.createApp({
  permissions: ['elements.license.read.all', 'seatledger.read'],
  customers: ['contoso'],
});
const seatsPath = (customerId: string, productType = 2048) =>
  `/partner/external/v3/general/customers/${customerId}/avpt-products/type/${productType}/overview`;
const listPath = (customerId: string) => `/api/v1/seats?customerId=${customerId}`;

describe('a customer that the caller does not see answers as one that does not exist, but for ids', () => {
  const unseen: readonly (readonly [what: string, customerId: string, by: TestApp])[] = [
    ['a customer of another partner', 'foreign', server.admin],
    ["a customer of the caller's partner, asked for by another", 'contoso', server.otherAdmin],
    ["a customer outside of the app's customer scope", 'fabrikam', ofContoso],
    ["a customer of another partner, outside of the app's customer scope", 'foreign', ofContoso],
    ['a customer that both partners have, outside of the scope', 'shared', ofContoso],
  ];
  for (const [what, customerId, as] of unseen) {
    for (const [path, of] of [
      [seatsPath, 'the endpoint'],
      [listPath, 'the list'],
    ] as const) {
      test(`${what}, by ${of}`, async () => {
        await assertProblem(await server.request(path(customerId), { as }), 404, 'customer_not_found');
        for (const headers of [{}, { 'request-id': 'mine' }]) {
          for (const [method, asked] of [
            ['GET', customerId],
            ['HEAD', customerId],
            ['GET', customerId.toUpperCase()],
          ] as const) {
            const ofUnseen = await server.request(path(asked), { as, method, headers });
            const told = await comparable(ofUnseen);
            for (const by of [as, server.admin]) {
              const ofNobody = await server.request(path('nobody'), { as: by, method, headers });
              assert.deepEqual(told, await comparable(ofNobody));
            }
          }
        }
      });
    }
  }

  test('also for a product of which neither has a subscription', async () => {
    const [ofUnseen, ofNobody] = await Promise.all(
      ['fabrikam', 'nobody'].map((id) => server.request(seatsPath(id, 1), { as: ofContoso })),
    );
    assert.ok(ofUnseen && ofNobody);
    assert.deepEqual(await comparable(ofUnseen), await comparable(ofNobody));
  });
});

describe('a customer that the caller sees', () => {
  test("is answered to an app whose customer scope names it, whatever the id's case", async () => {
    const as = await server.createApp({ customers: ['CONTOSO'] });
    for (const id of ['contoso', 'Contoso']) {
      assert.equal((await server.request(seatsPath(id), { as })).status, 200);
    }
  });

  test("is the caller's own where another partner has one of the same id", async () => {
    for (const [as, seats] of [
      [server.admin, 1],
      [server.otherAdmin, 2],
    ] as const) {
      const response = await server.request(seatsPath('shared'), { as });
      assert.deepEqual(await response.json(), { productType: 2048, availableUserSeat: seats });
    }
  });
});
