import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { CustomerServices, Pool, SubscriptionLine } from '@seatledger/contract';
import { batch, partnerCustomers } from '../../testing/partnerContract.ts';
import { created, lastEvent, paged, type Send, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';
import { added, azure, backupItem, item, pooled, pooledBackup } from '../../testing/services.ts';
import { verifyStore } from '../../verifyStore.ts';
import { readWhole } from '../../wholeStore.ts';

const server = await startTestServer();
after(() => server.stop());
const day = 86_400_000;
const inDays = (days: number) => new Date(server.now() + days * day).toISOString();

/** Each test has its own partner's worth of pools: they are taken by resource, so those of other tests are ended. */
async function fresh(send: Send): Promise<string> {
  for (const { poolId } of await paged<Pool>(send, '/api/v1/pools', 1000)) {
    for (const line of await paged<SubscriptionLine>(send, `/api/v1/pools/${poolId}/grants`, 1000))
      await send('DELETE', `/api/v1/customers/${line.customerId}/lines/${line.lineId}`, {
        headers: { 'if-match': '*' },
      });
    await send('DELETE', `/api/v1/pools/${poolId}`, { headers: { 'if-match': '*' } });
  }
  const answer = await send('POST', '/api/v1/customers', { body: {} });
  return ((await answer.json()) as { customerId: string }).customerId;
}
const send = await sendAs(server, server.admin);
const addPool = async (body: object = {}) =>
  created<Pool>(
    send,
    await send('POST', '/api/v1/pools', { body: { resource: 'PartnerUserManagement', seats: 100, ...body } }),
  );
const freeOf = async ({ path }: { path: string }) => (await shown<Pool>(await send('GET', path))).body.free;
const linesOf = (customerId: string) =>
  paged<SubscriptionLine>(send, `/api/v1/customers/${customerId}/lines`, 1000);
async function productsOf(customerId: string) {
  const options = { body: { customerIds: [customerId] } };
  const { data } = await batch<CustomerServices>(send, `${partnerCustomers}/services/batch`, options);
  return data[0]?.products ?? [];
}

describe('a service from a pool', () => {
  test('is a grant from now to the end of the pool', async () => {
    const customerId = await fresh(send);
    const pool = await addPool({ expiresAt: inDays(90) });
    assert.equal(await added(send, customerId, pooled()), 1);
    const [line] = await linesOf(customerId);
    const { lineId, startsAt, changedSequence, ...rest } = line ?? assert.fail();
    assert.ok(Math.abs(Date.parse(startsAt) - server.now()) < 60_000);
    assert.deepEqual([lineId, changedSequence], [await lastEvent(send), await lastEvent(send)]);
    assert.deepEqual(rest, {
      customerId,
      productType: 49,
      product: 'User Management',
      resource: 'PartnerUserManagement',
      counts: 'users',
      seats: 20,
      expiresAt: pool.body.expiresAt,
      active: true,
      source: 'AvePoint pooled subscription',
      externalId: null,
      licenceType: 'enterprise',
      poolId: pool.body.poolId,
      details: { paymentType: 'Prepaid' },
    });
    assert.equal(await freeOf(pool), 80);
  });

  test('ends when the request says, and without end where its pool has none', async () => {
    const customerId = await fresh(send);
    await addPool();
    await addPool({ resource: 'PartnerWorkspaceOnboarding' });
    const expireTime = inDays(40);
    for (const isSameAsPool of [false, undefined]) {
      const toAdd = pooled([{ ...item({ expireTime }), isSameAsPool }]);
      assert.equal(await added(send, customerId, toAdd), isSameAsPool === false ? 1 : 12);
    }
    const resource = 'PartnerWorkspaceOnboarding';
    assert.equal(await added(send, customerId, pooled([item({ resource })], { product: 42 })), 1);
    assert.deepEqual(
      (await linesOf(customerId)).map(({ expiresAt }) => expiresAt),
      [null, expireTime],
    );
  });

  test('ends with its pool where the request says so beside an end of its own, as the samples do', async () => {
    const customerId = await fresh(send);
    const { body } = await addPool({ expiresAt: inDays(90) });
    assert.equal(await added(send, customerId, pooled([item({ expireTime: '2025-09-26T00:00:00Z' })])), 1);
    assert.equal((await linesOf(customerId))[0]?.expiresAt, body.expiresAt);
  });

  test('is from the first pool that has the seats for the whole term', async () => {
    const customerId = await fresh(send);
    const expireTime = inDays(60);
    await addPool({ expiresAt: inDays(50) });
    await addPool({ startsAt: inDays(1) });
    await addPool({ seats: 19 });
    const later = await addPool();
    const { poolId } = later.body;
    const term = { startsAt: inDays(55), expiresAt: inDays(56) };
    const body = { resource: 'PartnerUserManagement', seats: 81, poolId, ...term };
    await created(send, await send('POST', `/api/v1/customers/${customerId}/lines`, { body }));
    const fitting = await addPool({ seats: 20, expiresAt: expireTime });
    await addPool();
    assert.equal(await added(send, customerId, pooled([item({ isSameAsPool: false, expireTime })])), 1);
    const [line] = (await linesOf(customerId)).filter(({ active }) => active);
    assert.equal(line?.poolId, fitting.body.poolId);
  });

  test('is listed among the services with the texts that production shows', async () => {
    const customerId = await fresh(send);
    for (const resource of ['Office365Backup', 'Office365PPBackup', 'Office365EXODBackup'])
      await addPool({ resource, expiresAt: '2999-02-27' });
    const items = [
      backupItem({ contractEndDate: '2998-01-31' }),
      {
        ...backupItem({
          resource: 'office365ppbackup',
          subscriptionSourceType: 6,
          paymentType: 1,
          saleType: 1,
        }),
      },
      backupItem({ resource: 'Office365EXODBackup', subscriptionSourceType: 2, saleType: 0, packageType: 2 }),
    ];
    assert.equal(
      await added(send, customerId, pooledBackup(items, { avepointStorageType: 1, retentionYear: 7 })),
      1,
    );
    const common = {
      purchasedUserSeats: '20',
      purchasedUnits: 'N/A',
      microsoftLicenseAssigned: 'N/A',
      microsoftLicenseAvailable: 'N/A',
      purchasedCapacity: 'N/A',
      protectedCapacity: 'N/A',
      storage: 'AvePoint storage (Amazon S3)',
      retention: '7 years',
      consumedStorage: 'N/A',
      expirationDate: '2999-02-27T00:00:00Z',
      change: 'N/A',
      subscriptionName: 'N/A',
    };
    assert.deepEqual(await productsOf(customerId), [
      {
        ...common,
        service: 'Cloud Backup for Microsoft 365 - Microsoft 365 services',
        subscriptionModel: 'Unlimited organizations',
        source: 'AvePoint pooled subscription',
        paymentType: 'Prepaid',
        package: 'Standard',
        contractEndDate: '2998-01-31T00:00:00Z',
      },
      {
        ...common,
        service: 'Cloud Backup for Microsoft 365 - Power Platform',
        subscriptionModel: 'Unlimited users',
        source: 'LARS AvePoint pooled subscription',
        paymentType: 'Pay as you go',
        package: 'N/A',
        contractEndDate: 'N/A',
      },
      {
        ...common,
        service: 'Cloud Backup for Microsoft 365 - Exchange Online & OneDrive',
        subscriptionModel: 'Capacity tier',
        source: 'Marketplace pooled subscription',
        paymentType: 'Prepaid',
        package: 'Flex',
        contractEndDate: 'N/A',
      },
    ]);
  });

  test('of the customer who brings its own storage says so', async () => {
    const customerId = await fresh(send);
    await addPool({ resource: 'Office365Backup' });
    const byos = { byos: true, storageProfileId: '96c5aaaa-c6cb-4aaa-9792-b1a1aaaaaeae' };
    assert.equal(await added(send, customerId, pooledBackup([backupItem()], byos)), 1);
    const [product] = await productsOf(customerId);
    assert.deepEqual([product?.storage, product?.retention], ['Bring your own storage', 'N/A']);
  });

  test('of a product without storage keeps none, though clients send one', async () => {
    const customerId = await fresh(send);
    await addPool();
    const withStorage = pooled([item({ saleType: 2, packageType: 1, customerSize: 1 })], {
      ...azure,
      byos: false,
    });
    assert.equal(await added(send, customerId, withStorage), 1);
    assert.deepEqual((await linesOf(customerId))[0]?.details, { paymentType: 'Prepaid' });
    // Nor is it another service without.
    assert.equal(await added(send, customerId, pooled()), 12);
  });
});

describe('a service that is not added says the first reason, and changes nothing:', () => {
  /** Everything that is wrong at once, less and less of it. */
  test('3 no pool, 11 end past, 18 under a month, 5 beyond the pool, 12 there already, 7 another there, 4 seats', async () => {
    const customerId = await fresh(send);
    const ask = (other: object = {}) =>
      added(send, customerId, pooled([item({ isSameAsPool: false, userSeat: 100, ...other })]));
    // There is one of another resource, one that is over, and one that was ended before it began.
    await addPool({ resource: 'PartnerWorkspaceOnboarding' });
    await addPool({ startsAt: inDays(-9), expiresAt: inDays(-1) });
    const ended = await addPool({ startsAt: inDays(5) });
    await send('DELETE', ended.path, { headers: { 'if-match': '*' } });
    assert.equal(await ask({ expireTime: inDays(-1) }), 3);
    const pool = await addPool({ expiresAt: inDays(99) });
    const line = { resource: 'PartnerUserManagement', seats: 100, expiresAt: inDays(98) };
    const lines = `/api/v1/customers/${customerId}/lines`;
    const own = await created(send, await send('POST', lines, { body: line }));
    const before = await lastEvent(send);
    assert.equal(await ask({ expireTime: inDays(-1) }), 11);
    assert.equal(await ask({ expireTime: inDays(26) }), 18);
    assert.equal(await ask({ expireTime: inDays(100) }), 5);
    assert.equal(await ask({ expireTime: inDays(98) }), 7);
    assert.equal(await lastEvent(send), before);
    await send('DELETE', own.path, { headers: { 'if-match': '*' } });
    assert.equal(await ask({ expireTime: inDays(98), userSeat: 101 }), 4);
    const expireTime = inDays(98);
    assert.equal(await ask({ expireTime }), 1);
    assert.equal(await freeOf(pool), 0);
    assert.equal(await ask({ expireTime }), 12);
    for (const other of [
      { userSeat: 99 },
      { expireTime: inDays(97) },
      { paymentType: 1 },
      { subscriptionSourceType: 2 },
      { contractEndDate: '2999-01-01' },
    ])
      assert.equal(await ask({ expireTime, ...other }), 7, JSON.stringify(other));
  });

  test('11 for an end that is now, 18 for one that is a day short of a month, counted in days of UTC', async () => {
    const customerId = await fresh(send);
    await addPool();
    const end = (expireTime: string) =>
      added(send, customerId, pooled([item({ isSameAsPool: false, expireTime })]));
    assert.equal(await end(inDays(0)), 11);
    const today = new Date(server.now());
    const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
    const lastDay = new Date(Date.UTC(year, month + 2, 0)).getUTCDate();
    const inAMonth = Date.UTC(year, month + 1, Math.min(today.getUTCDate(), lastDay));
    assert.equal(await end(new Date(inAMonth - 1).toISOString()), 18);
    assert.equal(await end(new Date(inAMonth).toISOString()), 1);
  });

  test('18 where the pool that it is to end with ends too soon, and the next pool does not', async () => {
    const customerId = await fresh(send);
    await addPool({ expiresAt: inDays(20) });
    assert.equal(await added(send, customerId, pooled()), 18);
    const { body } = await addPool({ expiresAt: inDays(50) });
    assert.equal(await added(send, customerId, pooled()), 1);
    assert.equal((await linesOf(customerId))[0]?.poolId, body.poolId);
  });

  test('4 where the pool is still to begin', async () => {
    const customerId = await fresh(send);
    await addPool({ startsAt: inDays(1) });
    assert.equal(await added(send, customerId, pooled()), 4);
  });

  test('12 for what was added before, also once the pool has no seat left, and 1 again once it is over', async () => {
    const customerId = await fresh(send);
    const pool = await addPool({ seats: 20, expiresAt: inDays(200) });
    assert.deepEqual([await added(send, customerId, pooled()), await freeOf(pool)], [1, 0]);
    assert.equal(await added(send, customerId, pooled()), 12);
    const [line] = await linesOf(customerId);
    await send('DELETE', `/api/v1/customers/${customerId}/lines/${line?.lineId}`, {
      headers: { 'if-match': '*' },
    });
    assert.equal(await added(send, customerId, pooled()), 1);
  });
});

describe('several items', () => {
  test('are one change', async () => {
    const customerId = await fresh(send);
    for (const resource of ['Office365Backup', 'Office365PPBackup']) await addPool({ resource });
    const before = await lastEvent(send);
    const items = [backupItem(), backupItem({ resource: 'Office365PPBackup' })];
    assert.equal(await added(send, customerId, pooledBackup(items)), 1);
    assert.equal(await lastEvent(send), before + 2);
    assert.equal(await added(send, customerId, pooledBackup(items)), 12);
  });

  test('are added all or none: the first status that is not 1 is the answer', async () => {
    const customerId = await fresh(send);
    const first = await addPool({ resource: 'Office365Backup' });
    const before = await lastEvent(send);
    const other = backupItem({ resource: 'Office365PPBackup' });
    const both = pooledBackup([backupItem(), other]);
    assert.equal(await added(send, customerId, both), 3);
    await addPool({ resource: 'Office365PPBackup', seats: 19 });
    assert.equal(await added(send, customerId, both), 4);
    assert.equal(await added(send, customerId, pooledBackup([other])), 4);
    assert.equal(await lastEvent(send), before + 1);
    assert.equal(await freeOf(first), 100);
    assert.deepEqual(await linesOf(customerId), []);
  });

  test('that are not added with an idempotency key leave nothing either', async () => {
    const customerId = await fresh(send);
    const pool = await addPool({ resource: 'Office365Backup' });
    const body = pooledBackup([backupItem(), backupItem({ resource: 'Office365PPBackup' })]);
    const headers = { 'idempotency-key': `k-${customerId}` };
    for (let again = 0; again < 2; again++) {
      const answer = await send('POST', `${partnerCustomers}/${customerId}/services`, { body, headers });
      assert.deepEqual(await answer.json(), { customerId, product: 2048, status: 3 });
    }
    assert.equal(await freeOf(pool), 100);
    assert.deepEqual(await linesOf(customerId), []);
  });
});

describe('a trial', () => {
  test('is a line of the default resource with 25 seats for 30 days, from no pool', async () => {
    const customerId = await fresh(send);
    assert.equal(await added(send, customerId, { product: 2048, licenseType: 0, ...azure }), 1);
    const [line] = await linesOf(customerId);
    assert.ok(line);
    assert.equal(Date.parse(line.expiresAt ?? '') - Date.parse(line.startsAt), 30 * day);
    const { resource, seats, licenceType, poolId, source, details } = line;
    assert.deepEqual(
      { resource, seats, licenceType, poolId, source, details },
      {
        resource: 'Office365Backup',
        seats: 25,
        licenceType: 'trial',
        poolId: null,
        source: 'AvePoint subscription',
        details: { retention: '1 year', storage: 'AvePoint storage (Microsoft Azure Blob)' },
      },
    );
  });

  test('is one of each product that has trials', async () => {
    const customerId = await fresh(send);
    for (const product of [40, 42, 49, 65])
      assert.equal(await added(send, customerId, { product, licenseType: 0, licenseItems: [] }), 1);
    assert.equal((await linesOf(customerId)).length, 4);
  });

  test('that is there is 12, another one or a line of the resource is 7', async () => {
    const customerId = await fresh(send);
    await addPool({ resource: 'Office365Backup' });
    const trial = { product: 2048, licenseType: 0, ...azure };
    assert.equal(await added(send, customerId, trial), 1);
    assert.equal(await added(send, customerId, trial), 12);
    assert.equal(await added(send, customerId, { ...trial, retentionYear: 2 }), 7);
    assert.equal(await added(send, customerId, pooledBackup()), 7);
    const other = await fresh(send);
    await addPool();
    assert.equal(await added(send, other, pooled()), 1);
    assert.equal(await added(send, other, { product: 49, licenseType: 0 }), 7);
  });

  test('is over after 30 days, and can then be had again', async () => {
    const customerId = await fresh(send);
    const now = server.now();
    assert.equal(await added(send, customerId, { product: 40, licenseType: 0 }), 1);
    try {
      server.setNow(now + 30 * day + 60_000);
      const later = await sendAs(server, server.admin);
      assert.equal(await added(later, customerId, { product: 40, licenseType: 0 }), 1);
    } finally {
      server.setNow(Date.now());
    }
  });
});

test('what was added is what the record says', async () => {
  await readWhole(server.place.place, async (connection) => {
    for await (const { broken } of verifyStore(connection, { head: undefined }))
      assert.equal(broken, undefined);
  });
});
