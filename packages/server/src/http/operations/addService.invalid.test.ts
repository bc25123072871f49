import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { permissions, type ProblemCode } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { partnerCustomers } from '../../testing/partnerContract.ts';
import { lastEvent, sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';
import { added, azure, backupItem, item, pooled, pooledBackup } from '../../testing/services.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
for (const customerId of ['contoso', 'fabrikam'])
  await send('POST', '/api/v1/customers', { body: { customerId } });
for (const resource of ['PartnerUserManagement', 'Office365Backup', 'Office365PPBackup'])
  await send('POST', '/api/v1/pools', { body: { resource, seats: 100 } });
const restricted = await sendAs(
  server,
  await server.createApp({ permissions: [...permissions], customers: ['fabrikam'] }),
);
const pathOf = (customerId: string) => `${partnerCustomers}/${customerId}/services`;
const ask = (body: unknown, customerId = 'contoso', by = send) => by('POST', pathOf(customerId), { body });

const trial = { product: 2048, licenseType: 0, ...azure };
const without = (value: object, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
const at0 = (field: string) => `licenseItems.0.${field}`;

/** Values that are no whole numbers of any kind. */
const noNumbers = ['1', 1.5, true, [1], {}];

describe('a service that cannot be', () => {
  type Case = readonly [what: string, body: unknown, errors: readonly string[]];
  const required: readonly Case[] = [
    ['no product', without(trial, 'product'), ['product value_required']],
    ['no licence type', without(trial, 'licenseType'), ['licenseType value_required']],
    ['no items', without(pooled(), 'licenseItems'), ['licenseItems value_required']],
    ['null for items', pooled(undefined, { licenseItems: null }), ['licenseItems value_required']],
    ['an empty list of items', pooled([]), ['licenseItems value_required']],
    ...['resource', 'subscriptionSourceType', 'userSeat', 'paymentType'].map(
      (name): Case => [`no ${name}`, pooled([without(item(), name)]), [`${at0(name)} value_required`]],
    ),
    ['no end', pooled([without(item(), 'isSameAsPool')]), [`${at0('expireTime')} value_required`]],
    ['no end but a false', pooled([item({ isSameAsPool: false })]), [`${at0('expireTime')} value_required`]],
    ...['saleType', 'packageType', 'customerSize'].map(
      (name): Case => [
        `no ${name} for Microsoft 365`,
        pooledBackup([without(backupItem(), name)]),
        [`${at0(name)} value_required`],
      ],
    ),
    [
      'no sale type for Power Platform',
      pooledBackup([without(backupItem({ resource: 'Office365PPBackup' }), 'saleType')]),
      [`${at0('saleType')} value_required`],
    ],
  ];
  const storage: readonly Case[] = [
    ['no storage', { product: 2048, licenseType: 0 }, ['avepointStorageType value_required']],
    ['no storage from a pool', pooledBackup([backupItem()], {}), ['avepointStorageType value_required']],
    ['no retention', { ...trial, retentionYear: null }, ['retentionYear value_required']],
    [
      'a false byos alone',
      { product: 2048, licenseType: 0, byos: false },
      ['avepointStorageType value_required'],
    ],
    [
      'byos without profile',
      { product: 2048, licenseType: 0, byos: true },
      ['storageProfileId value_required'],
    ],
    ['two storages', { ...trial, byos: true, storageProfileId: 'x' }, ['avepointStorageType value_invalid']],
    ['a profile of its own', { ...trial, storageProfileId: 'x' }, ['storageProfileId value_invalid']],
    ['a boolean profile', { ...trial, storageProfileId: true }, ['storageProfileId value_invalid']],
    [
      'a storage that there is not',
      { ...trial, avepointStorageType: 2 },
      ['avepointStorageType value_invalid'],
    ],
    ['a retention of 0', { ...trial, retentionYear: 0 }, ['retentionYear value_invalid']],
    ['a retention of 100', { ...trial, retentionYear: 100 }, ['retentionYear value_invalid']],
    ['a text for byos', { ...trial, byos: 'true' }, ['byos value_invalid']],
    [
      'a bad storage where it is ignored',
      { ...pooled(), avepointStorageType: 'x' },
      ['avepointStorageType value_invalid'],
    ],
  ];
  const values: readonly Case[] = [
    ...noNumbers.flatMap((value): Case[] => [
      [`${JSON.stringify(value)} for a product`, { ...trial, product: value }, ['product value_invalid']],
      [
        `${JSON.stringify(value)} for a licence type`,
        { ...trial, licenseType: value },
        ['licenseType value_invalid'],
      ],
      ...['userSeat', 'subscriptionSourceType', 'paymentType', 'saleType', 'packageType', 'customerSize'].map(
        (name): Case => [
          `${JSON.stringify(value)} for ${name}`,
          pooledBackup([{ ...backupItem(), [name]: value }]),
          [`${at0(name)} value_invalid`],
        ],
      ),
    ]),
    ...[
      ['licenseType', 2],
      ['licenseType', 'Trial'],
    ].map(
      ([name, value]): Case => [
        `${value} for ${name}`,
        { ...trial, [String(name)]: value },
        [`${name} value_invalid`],
      ],
    ),
    ...(
      [
        ['userSeat', 0],
        ['userSeat', -1],
        ['userSeat', 2_147_483_648],
        ['subscriptionSourceType', 0],
        ['subscriptionSourceType', 3],
        ['paymentType', 2],
        ['saleType', 3],
        ['packageType', -1],
        ['customerSize', -1],
        ['isSameAsPool', 'true'],
        ['isSameAsPool', 1],
      ] as const
    ).map(
      ([name, value]): Case => [
        `${value} for ${name}`,
        pooledBackup([{ ...backupItem(), [name]: value }]),
        [`${at0(name)} value_invalid`],
      ],
    ),
    ...['tomorrow', '2026-02-30', '03-14-2026T12:00:00Z', '2026-01-01T00:00:00', ''].flatMap((text): Case[] =>
      ['expireTime', 'contractEndDate'].map((name) => [
        `${JSON.stringify(text)} for ${name}`,
        pooled([{ ...item(), [name]: text }]),
        [`${at0(name)} instant_invalid`],
      ]),
    ),
    [
      'a resource that there is not',
      pooled([item({ resource: 'Backup' })]),
      [`${at0('resource')} resource_unknown`],
    ],
    [
      'a service text for a resource',
      pooled([item({ resource: 'MyHub ' })]),
      [`${at0('resource')} resource_unknown`],
    ],
    [
      'the resource that the sample of product 42 has',
      pooled([item({ resource: 'PartnerTenantSettingManagement' })], { product: 42 }),
      [`${at0('resource')} resource_of_other_product`],
    ],
    [
      'a second item that is wrong',
      pooled([item(), item({ userSeat: 0 })]),
      ['licenseItems.1.userSeat value_invalid'],
    ],
    ['items for a trial', { ...trial, licenseItems: [backupItem()] }, ['licenseItems value_invalid']],
    ['a text for items', { ...pooled(), licenseItems: 'all' }, ['licenseItems value_invalid']],
    ['a text for an item', pooled(['x']), ['licenseItems.0 value_invalid']],
    ['null for an item', pooled([null]), ['licenseItems.0 value_invalid']],
    ['21 items', pooled(Array.from({ length: 21 }, () => item())), ['licenseItems value_invalid']],
    [
      'a resource twice, in any case',
      pooled([item(), item({ resource: item().resource.toUpperCase(), userSeat: 1 })]),
      [`licenseItems.1.resource value_invalid`],
    ],
    ['a product without services', { product: 4, licenseType: 0 }, ['product value_invalid']],
    ['a member that there is not', { ...trial, userSeat: 5 }, ['userSeat field_unknown']],
    [
      'a member of an item that there is not',
      pooled([{ ...item(), seats: 5 }]),
      [`${at0('seats')} field_unknown`],
    ],
    ['a member of an item twice', pooled([{ ...item(), USERSEAT: 5 }]), [`${at0('userSeat')} field_twice`]],
  ];

  for (const [what, body, errors] of [...required, ...storage, ...values]) {
    test(`is 400 body_invalid where it has ${what}`, async () => {
      const before = await lastEvent(send);
      assert.deepEqual(errorsOf(await assertProblem(await ask(body), 400, 'body_invalid')), errors);
      assert.equal(await lastEvent(send), before);
    });
  }

  test('is 400 product_type_unknown for a product that the catalogue does not have', async () => {
    for (const product of [274, 270, 0, -1, 2_147_483_648])
      await assertProblem(await ask({ product, licenseType: 0 }), 400, 'product_type_unknown');
  });
});

describe('of two mistakes the earlier check is answered: rights, then what is wrong, the product, and the customer', () => {
  const wrongs: readonly (readonly [ProblemCode, number, Promise<Response>])[] = [
    ['customer_scope_insufficient', 403, ask({ ...pooled(), product: 'x' }, '-', restricted)],
    ['customer_scope_insufficient', 403, ask(pooled(), 'nobody', restricted)],
    ['customer_id_invalid', 400, ask({}, '-')],
    ['body_invalid', 400, ask({ product: 274 }, 'nobody')],
    ['product_type_unknown', 400, ask({ product: 274, licenseType: 0 }, 'nobody')],
    ['product_type_unknown', 400, ask({ product: 274, licenseType: 1 })],
    ['body_invalid', 400, ask(pooled([]), 'nobody')],
    ['customer_not_found', 404, ask(pooled(), 'nobody')],
    ['customer_not_found', 404, ask({ product: 40, licenseType: 0 }, 'contoso', restricted)],
  ];
  for (const [index, [code, status, answer]] of wrongs.entries())
    test(`${index + 1}: ${code}`, async () => {
      await assertProblem(await answer, status, code);
    });

  test('and a trial of its customer may be had by a restricted app, by names in any case', async () => {
    assert.equal(await added(restricted, 'fabrikam', { product: 42, LicenseType: 0 }), 1);
    await assertProblem(
      await ask({ ...without(pooled(), 'licenseType'), LICENSETYPE: 1 }, 'fabrikam', restricted),
      403,
      'customer_scope_insufficient',
    );
  });
});
