import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { appRequest, customer, productType } from './testing/identity.ts';
import { openTestStore, someDay, type TestStore } from './testing/store.ts';
import { type PartnerVerification, verifyStore } from './verifyStore.ts';

let store: TestStore;
before(async () => {
  store = await openTestStore();
  const ada = customer('ada');
  await store.make('customer.create', { customerId: ada, facts: { organization: 'Ada Ltd' } });
  await store.make('tenant.set', {
    customerId: ada,
    expected: 'any',
    tenant: { tenantId: 't1', type: 0, name: 'ada', availableSeats: 3, assignedSeats: 2 },
  });
  const { groupId } = await store.make('group.create', { name: 'north' });
  await store.make('group.join', { groupId, customerIds: [ada] });
  const term = { startsAt: someDay, expiresAt: null, source: null };
  const { poolId } = await store.make('pool.add', { ...term, resource: 'Office365Backup', seats: 10 });
  await store.make('line.add', {
    ...term,
    customerId: ada,
    productType: productType(2048),
    resource: 'Office365Backup',
    seats: 5,
    externalId: null,
    licenceType: 'enterprise',
    details: { package: 'Standard' },
    poolId,
  });
  await store.make('seats.assign', {
    customerId: ada,
    productType: productType(2048),
    users: ['a@x.org', 'b@x.org'],
  });
  await store.make('user.erase', { customerId: ada, user: 'a@x.org' });
  await store.make('app.register', appRequest({ permissions: ['seatledger.read'] }));
});
after(() => store.close());

function verify(head?: string): Promise<readonly PartnerVerification[]> {
  return store.readWhole(async (connection) => {
    const found: PartnerVerification[] = [];
    for await (const partner of verifyStore(connection, { head })) found.push(partner);
    return found;
  });
}

async function brokenAfter(alteration: string, back: string): Promise<string | undefined> {
  await store.exec(alteration);
  try {
    const [found] = await verify();
    return found?.broken;
  } finally {
    await store.exec(back);
    assert.equal((await verify())[0]?.broken, undefined, `${back} did not put it back`);
  }
}

describe('a store', () => {
  test('is what its record says, to the head of each partner', async () => {
    const head = await store.reads.record.head(store.partnerId);
    assert.deepEqual(await verify(), [{ partner: 'one', head, broken: undefined, hasHead: false }]);
  });

  test('has the head that was noted at any time, and no other', async () => {
    const [first] = await store.reads.record.changesAfter(store.partnerId, 0, 1);
    assert.ok(first);
    assert.equal((await verify(first.hash))[0]?.hasHead, true);
    assert.equal((await verify('a'.repeat(64)))[0]?.hasHead, false);
  });

  const alterations: readonly (readonly [table: string, alteration: string, back: string])[] = [
    [
      'customers',
      "update customers set organization = 'Eve'",
      "update customers set organization = 'Ada Ltd'",
    ],
    ['customers', 'update customers set changed_sequence = 99', 'update customers set changed_sequence = 3'],
    ['customers', 'update customers set ordinal = 2', 'update customers set ordinal = 1'],
    ['tenants', 'update tenants set assigned_seats = 3', 'update tenants set assigned_seats = 2'],
    [
      'customer_groups',
      "update customer_groups set name = 'south'",
      "update customer_groups set name = 'north'",
    ],
    [
      'customer_groups',
      'update customer_groups set members_sequence = 99',
      'update customer_groups set members_sequence = 5',
    ],
    ['group_members', 'delete from group_members', "insert into group_members values (1, 4, 'ada')"],
    ['pools', 'update pools set seats = 11', 'update pools set seats = 10'],
    ['pool_steps', 'update pool_steps set occupied = 4', 'update pool_steps set occupied = 5'],
    ['lines', 'update lines set seats = 6', 'update lines set seats = 5'],
    ['lines', "update lines set details = '{}'", `update lines set details = '{"package":"Standard"}'`],
    [
      'assignments',
      'update assignments set assigned_sequence = 1',
      'update assignments set assigned_sequence = 8',
    ],
    [
      'seat_snapshots',
      'update seat_snapshots set assigned = assigned + 1',
      'update seat_snapshots set assigned = assigned - 1',
    ],
    [
      'holdings',
      "update holdings set sources = '[]'",
      `update holdings set sources = '[["pool",${someDay},null]]'`,
    ],
    [
      'holdings',
      'update holdings set assigned = assigned + 1',
      'update holdings set assigned = assigned - 1',
    ],
    ['term_instants', 'insert into term_instants values (1, 7)', 'delete from term_instants where at = 7'],
  ];
  for (const [table, alteration, back] of alterations) {
    test(`is found altered by: ${alteration}`, async () => {
      if (table === 'assignments') {
        const rows = await store.rows('select user_id, assigned_sequence from assignments order by 2');
        const [one, other] = rows.map(
          (row) => `when '${String(row['user_id'])}' then ${String(row['assigned_sequence'])}`,
        );
        const restore = `update assignments set assigned_sequence = case user_id ${one} ${other} end`;
        assert.match(
          (await brokenAfter(alteration, restore)) ?? '',
          /of assignments is not what the record says$/,
        );
        return;
      }
      assert.match(
        (await brokenAfter(alteration, back)) ?? '',
        new RegExp(`of ${table} is (not what the record says|missing)$`),
      );
    });
  }

  test('is found altered in its record, by the event', async () => {
    const broken = await brokenAfter(
      'update events set sequence = 77 where sequence = 7',
      'update events set sequence = 7 where sequence = 77',
    );
    assert.equal(broken, 'at event 7, the event is missing');
  });

  const alterationsOfApps: readonly (readonly [what: string, alteration: string, back: string])[] = [
    [
      'was given more than it had',
      `update apps set permissions = '["seatledger.admin"]'`,
      `update apps set permissions = '["seatledger.read"]'`,
    ],
    [
      'sees others than it did',
      "update apps set customer_scope = 'groups'; insert into app_groups select client_id, 1 from apps",
      "update apps set customer_scope = 'all'; delete from app_groups",
    ],
    ['was disabled', 'update apps set disabled = 1', 'update apps set disabled = 0'],
    [
      'got another credential',
      `insert into app_credentials select client_id, 'other', kind, hash, last_four, certificate, created_at, expires_at,
        last_used_at, last_used_from from app_credentials`,
      "delete from app_credentials where credential_id = 'other'",
    ],
  ];
  for (const [what, alteration, back] of alterationsOfApps) {
    test(`is found altered where an app ${what}`, async () => {
      assert.match((await brokenAfter(alteration, back)) ?? '', /^the app \S+ is not what the record says$/);
    });
  }

  test('is what its record says whatever was used: secrets, tokens and assertions', async () => {
    await store.exec("update app_credentials set last_used_at = 1, last_used_from = '192.0.2.7'");
    await store.make('token.revoke', { tokenId: 'one', expiresAt: someDay, now: someDay });
    const [found] = await verify();
    assert.equal(found?.broken, undefined);
  });
});
