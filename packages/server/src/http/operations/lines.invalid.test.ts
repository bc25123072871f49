import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { SubscriptionLine } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { created, lastEvent, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
await send('POST', '/api/v1/customers', { body: { customerId: 'contoso' } });
const path = '/api/v1/customers/contoso/lines';
const added = await created<SubscriptionLine>(
  send,
  await send('POST', path, { body: { productType: 2048, seats: 25 } }),
);

describe('a line that cannot be', () => {
  const seats: readonly (readonly [what: string, value: unknown])[] = [
    ['negative', -1],
    ['a half', 0.5],
    ['too many', 2_147_483_648],
    ['far too many', 1e300],
    ['a text', '25'],
    ['null', null],
    ['true', true],
    ['a list', [25]],
  ];
  const instants: readonly unknown[] = [
    '1969-12-31T23:59:59.999Z',
    '1969-12-31',
    '10000-01-01',
    '2026-02-30',
    '2026-01-01T00:00:00',
    'tomorrow',
    '',
    'x'.repeat(41),
    1_767_225_600_000,
  ];
  type Case = readonly [what: string, body: object, errors: readonly string[]];
  const ofBoth: readonly Case[] = [
    ...seats.map(
      ([what, value]): Case => [`has seats that are ${what}`, { seats: value }, ['seats seats_invalid']],
    ),
    ...instants.flatMap((value): Case[] =>
      ['startsAt', 'expiresAt'].map((field) => [
        `has ${JSON.stringify(value)} for ${field}`,
        { [field]: value },
        [`${field} instant_invalid`],
      ]),
    ),
    ['has no start', { startsAt: null }, ['startsAt instant_invalid']],
    [
      'ends before it begins',
      { startsAt: '2026-02-01', expiresAt: '2026-01-31' },
      ['expiresAt term_inverted'],
    ],
    ['ends as it begins', { startsAt: '2026-02-01', expiresAt: '2026-02-01' }, ['expiresAt term_inverted']],
    ['has a licence type that there is not', { licenceType: 'Trial' }, ['licenceType value_invalid']],
    ['has details that are a text', { details: 'x' }, ['details value_invalid']],
    ['has a detail that there is not', { details: { seats: '1' } }, ['details.seats field_unknown']],
    ['has an empty detail', { details: { package: '' } }, ['details.package value_invalid']],
    ['has a long detail', { details: { package: 'x'.repeat(201) } }, ['details.package value_too_long']],
    ['has a detail of two lines', { details: { package: 'a\nb' } }, ['details.package value_invalid']],
    ['has a detail that is a number', { details: { storage: 5 } }, ['details.storage value_invalid']],
    [
      'has an end of contract that is no instant',
      { details: { contractEndDate: 'Jan-01-2027' } },
      ['details.contractEndDate instant_invalid'],
    ],
    ['has a member that there is not', { customerId: 'contoso' }, ['customerId field_unknown']],
  ];
  const ofNew: readonly Case[] = [
    ['has no seats', { seats: undefined }, ['seats value_required']],
    ['names neither product nor resource', { productType: undefined }, ['productType value_required']],
    ['has a product that there is not', { productType: 2 }, ['productType product_type_unknown']],
    ['has a product in a text', { productType: '2048' }, ['productType value_invalid']],
    ['has a resource that there is not', { resource: 'Backup' }, ['resource resource_unknown']],
    ['has a resource of another product', { resource: 'FlyAviator' }, ['resource resource_of_other_product']],
    ['has an empty source', { source: '' }, ['source value_invalid']],
    ['has a source of 101 characters', { source: 'x'.repeat(101) }, ['source value_too_long']],
    ['has a source of two lines', { source: 'a\nb' }, ['source value_invalid']],
    ['has a long external id', { externalId: 'x'.repeat(201) }, ['externalId value_too_long']],
    ['has an external id of two lines', { externalId: 'a\nb' }, ['externalId value_invalid']],
    ['has a detail to remove', { details: { package: null } }, ['details.package value_invalid']],
    ['has a pool in a text', { poolId: '1' }, ['poolId value_invalid']],
    ['has a pool of 0', { poolId: 0 }, ['poolId value_invalid']],
  ];
  const ofChange: readonly Case[] = [
    ['has a product', { productType: 2048 }, ['productType field_unknown']],
    ['has a resource', { resource: 'Office365Backup' }, ['resource field_unknown']],
    ['has an external id', { externalId: 'x' }, ['externalId field_unknown']],
    ['has a pool', { poolId: 1 }, ['poolId field_unknown']],
  ];

  for (const [what, body, errors] of [...ofBoth, ...ofNew]) {
    test(`is not added: 400 body_invalid where it ${what}`, async () => {
      const before = await lastEvent(send);
      const answer = await send('POST', path, { body: { productType: 2048, seats: 1, ...body } });
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), errors);
      assert.equal(await lastEvent(send), before);
    });
  }

  for (const [what, body, errors] of [...ofBoth, ...ofChange]) {
    test(`is no change: 400 body_invalid where it ${what}`, async () => {
      const answer = await send('PATCH', added.path, { body, headers: { 'if-match': added.etag } });
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), errors);
      assert.equal((await shown(await send('GET', added.path))).etag, added.etag);
    });
  }
});
