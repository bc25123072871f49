import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { CustomerServices, SubscriptionLine } from '@seatledger/contract';
import { assertProblem } from '../../testing/answers.ts';
import { batch, partnerCustomers } from '../../testing/partnerContract.ts';
import { created, sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const path = `${partnerCustomers}/services/batch`;
const day = 86_400_000;

let made = 0;
/** A customer with lines. */
async function customerWith(lines: readonly object[]): Promise<string> {
  const customerId = `customer-${(made += 1)}`;
  await send('POST', '/api/v1/customers', { body: { customerId } });
  for (const line of lines)
    await created<SubscriptionLine>(
      send,
      await send('POST', `/api/v1/customers/${customerId}/lines`, { body: { seats: 1, ...line } }),
    );
  return customerId;
}
async function productsOf(customerId: string, by = send) {
  const { data } = await batch<CustomerServices>(by, path, { body: { customerIds: [customerId] } });
  assert.equal(data.length, 1);
  return data[0]?.products ?? [];
}
const servicesOf = async (customerId: string) => (await productsOf(customerId)).map(({ service }) => service);
const at = (offset: number) => new Date(server.now() + offset).toISOString();

const notApplicable = {
  service: 'Cense',
  subscriptionModel: 'N/A',
  purchasedUserSeats: '1',
  purchasedUnits: 'N/A',
  microsoftLicenseAssigned: 'N/A',
  microsoftLicenseAvailable: 'N/A',
  purchasedCapacity: 'N/A',
  protectedCapacity: 'N/A',
  storage: 'N/A',
  retention: 'N/A',
  consumedStorage: 'N/A',
  expirationDate: 'N/A',
  change: 'N/A',
  source: 'api',
  paymentType: 'N/A',
  subscriptionName: 'N/A',
  package: 'N/A',
  contractEndDate: 'N/A',
};

describe('a service', () => {
  test('has 18 members in the order of the contract, each of them a text', async () => {
    const customerId = await customerWith([{ resource: 'Cense' }]);
    await send('PATCH', `/api/v1/customers/${customerId}`, {
      body: { organization: 'Org', ownerEmail: 'o@x.org' },
      headers: { 'if-match': '*' },
    });
    const answer = await send('POST', path, { body: { customerIds: [customerId] } });
    assert.equal(
      await answer.text(),
      JSON.stringify({
        data: [{ customerId, organization: 'Org', customer: 'o@x.org', products: [notApplicable] }],
        metadata: { pageIndex: 1, pageSize: 50, totalCount: 1 },
      }),
    );
  });

  test('shows every detail that is known of its line, and its dates in whole seconds of UTC', async () => {
    const details = {
      subscriptionModel: 'Unlimited users',
      subscriptionName: 'Fly 1',
      purchasedCapacity: '1024 GB',
      protectedCapacity: '0/1 GB',
      consumedStorage: '1.42 GB',
      storage: 'AvePoint storage',
      retention: '1 year',
      package: 'Core',
      paymentType: 'Prepaid',
      change: '5',
      microsoftLicenseAssigned: '2',
      microsoftLicenseAvailable: '3',
    };
    const customerId = await customerWith([
      {
        resource: 'FlyMigration',
        seats: 7,
        source: 'A distributor',
        expiresAt: '2999-03-14T00:00:00.999+01:00',
        details: { ...details, contractEndDate: '2999-12-31' },
      },
    ]);
    assert.deepEqual(await productsOf(customerId), [
      {
        ...notApplicable,
        ...details,
        service: 'Fly Migration',
        purchasedUserSeats: '7',
        source: 'A distributor',
        expirationDate: '2999-03-13T23:00:00Z',
        contractEndDate: '2999-12-31T00:00:00Z',
      },
    ]);
  });

  test('counts users or units, and neither where it is sold by capacity', async () => {
    const customerId = await customerWith([
      { resource: 'Cense', seats: 0 },
      { productType: 40, seats: 2 },
      { resource: 'FlyAviator', seats: 0, details: { purchasedCapacity: '1044 GB' } },
    ]);
    const counted = (await productsOf(customerId)).map((product) => [
      product.purchasedUserSeats,
      product.purchasedUnits,
      product.purchasedCapacity,
    ]);
    assert.deepEqual(counted, [
      ['0', 'N/A', 'N/A'],
      ['N/A', '2', 'N/A'],
      ['N/A', 'N/A', '1044 GB'],
    ]);
  });

  test('is a line that holds now: not one that is over, nor one that is still to begin', async () => {
    const now = server.now();
    const customerId = await customerWith([
      { resource: 'MyHub', expiresAt: at(day) },
      { resource: 'Cense', startsAt: at(day) },
      { resource: 'EnPower', startsAt: at(-2 * day), expiresAt: at(-day) },
    ]);
    assert.deepEqual(await servicesOf(customerId), ['MyHub']);
    try {
      server.setNow(now + 2 * day);
      const later = await sendAs(server, server.admin);
      assert.deepEqual(
        (await productsOf(customerId, later)).map(({ service }) => service),
        ['Cense'],
      );
    } finally {
      server.setNow(Date.now());
    }
  });

  test('is listed once for each line, in the order in which they were added', async () => {
    const customerId = await customerWith([
      { resource: 'Cense' },
      { resource: 'MyHub' },
      { resource: 'Cense' },
    ]);
    assert.deepEqual(await servicesOf(customerId), ['Cense', 'MyHub', 'Cense']);
  });
});

describe('a list of services', () => {
  test('is in pages of customers, also of those who have none', async () => {
    const without = await customerWith([]);
    const { data, metadata } = await batch<CustomerServices>(send, `${path}?pageSize=2&pageIndex=1`);
    assert.deepEqual([data.length, metadata.totalCount], [2, made]);
    assert.deepEqual(await productsOf(without), []);
  });

  test('is not of every customer where the body means one by another name', async () => {
    await assertProblem(
      await send('POST', path, { body: { customerId: 'customer-1' } }),
      400,
      'body_invalid',
    );
  });
});
