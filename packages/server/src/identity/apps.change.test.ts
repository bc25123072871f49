import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { type Permission, permissions } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { addCustomers, appRequest, customer } from '../testing/identity.ts';
import { refusal } from '../testing/refusal.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';
import type { AppChange, AppRequest } from './apps.ts';
import type { App, CustomerScope } from './ports.ts';

let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
});
after(() => store.close());

type Change = Partial<AppChange>;

const register = async (request: Partial<AppRequest> = {}): Promise<App> =>
  (await store.make('app.register', appRequest(request))).app;
const change = ({ clientId }: App, what: Change) =>
  store.make('app.change', { clientId, expected: 'any', grantable: null, ...what });
const kept = ({ clientId }: App) => store.reads.identity.app(store.partnerId, clientId);
const lastSequence = async () => (await store.reads.record.head(store.partnerId)).sequence;

describe('a change of an app', () => {
  const facts: readonly Change[] = [
    { name: 'other' },
    { permissions: ['seatledger.read', 'seatledger.admin'] },
    { scope: { customers: [customer('contoso')] } },
    { revision: '2025-10-11' },
    { disabled: true },
  ];
  for (const fact of facts) {
    const [name = ''] = Object.keys(fact);
    test(`of its ${name} leaves the rest as it is, and makes it another version`, async () => {
      await addCustomers(store, [customer('contoso')]);
      const app = await register();
      const changed = await change(app, fact);
      assert.deepEqual(changed, { ...app, ...fact, changedSequence: await lastSequence() });
      assert.equal(changed.changedSequence, app.changedSequence + 1);
      assert.deepEqual(await kept(app), changed);
    });
  }

  test('takes the client id in any case', async () => {
    const app = await register();
    const clientId = app.clientId.toUpperCase();
    assert.equal((await change({ ...app, clientId }, { name: 'other' })).name, 'other');
  });

  test('that changes nothing is no event and no other version', async () => {
    const { groupId } = await store.make('group.create', { name: 'north' });
    const scope = { groups: [groupId] };
    const app = await register({ scope, revision: '2025-10-11' });
    const { name, revision, disabled, permissions: held } = app;
    const same: readonly Change[] = [
      {},
      { name },
      { name, revision, disabled, permissions: held, scope },
      { permissions: [...held, ...held], scope: { groups: [groupId, groupId] } },
    ];
    for (const what of same) assert.deepEqual(await change(app, what), app);
    assert.equal(await lastSequence(), app.changedSequence);
    assert.deepEqual(await kept(app), app);
  });

  test('is of the version that was seen: another is refused, whatever is asked', async () => {
    const app = await register();
    const changed = await change(app, { expected: [app.changedSequence], name: 'other' });
    for (const expected of [[], [app.changedSequence], [changed.changedSequence + 1]])
      for (const name of ['third', 'other', ''])
        await assert.rejects(change(app, { expected, name }), refusal('version_changed'));
    const seen = [app.changedSequence, changed.changedSequence];
    assert.equal((await change(app, { expected: seen, name: 'third' })).name, 'third');
  });

  test('leaves a name and a permission', async () => {
    const app = await register();
    await assert.rejects(change(app, { name: ' ' }), refusal('body_invalid', [['name', 'name_invalid']]));
    await assert.rejects(
      change(app, { permissions: [] }),
      refusal('body_invalid', [['permissions', 'value_required']]),
    );
    assert.deepEqual(await kept(app), app);
  });

  test('is of an app that is there', async () => {
    const clientId = '00000000-0000-4000-8000-000000000000';
    await assert.rejects(
      store.make('app.change', { clientId, expected: [1], grantable: null, name: '' }),
      refusal('app_not_found'),
    );
  });
});

describe('the scope of an app', () => {
  const scopeRows = async () => [
    await store.rows('select customer_id from app_customers order by 1'),
    await store.rows('select group_id from app_groups order by 1'),
  ];

  test('goes from all customers to named ones, to groups and back, and nothing of the last one is left', async () => {
    await addCustomers(store, [customer('contoso'), customer('fabrikam')]);
    const { groupId } = await store.make('group.create', { name: 'north' });
    const app = await register();
    const customers = [{ customer_id: 'contoso' }, { customer_id: 'fabrikam' }];
    const scopes: readonly (readonly [CustomerScope, unknown])[] = [
      [{ customers: [customer('fabrikam'), customer('contoso')] }, [customers, []]],
      [{ customers: [customer('contoso')] }, [customers.slice(0, 1), []]],
      [{ groups: [groupId] }, [[], [{ group_id: groupId }]]],
      ['all', [[], []]],
      [{ groups: [groupId] }, [[], [{ group_id: groupId }]]],
      [{ customers: [customer('fabrikam')] }, [customers.slice(1), []]],
      ['all', [[], []]],
    ];
    for (const [scope, rows] of scopes) {
      const changed = await change(app, { scope });
      assert.deepEqual(await scopeRows(), rows);
      assert.deepEqual(await kept(app), changed);
    }
  });

  test('names what is there: otherwise it stays as it is', async () => {
    const app = await register();
    await assert.rejects(
      change(app, { scope: { customers: [customer('nobody')] } }),
      refusal('body_invalid', [['customers', 'customer_not_found']]),
    );
    await assert.rejects(
      change(app, { scope: { groups: [7] } }),
      refusal('body_invalid', [['groups', 'group_not_found']]),
    );
    assert.deepEqual(await kept(app), app);
  });

  test('that names a group which is gone does not keep the rest from being changed', async () => {
    const { groupId } = await store.make('group.create', { name: 'north' });
    const app = await register({ scope: { groups: [groupId] } });
    await store.make('group.delete', { groupId, expected: 'any' });
    const changed = await change(app, { name: 'other' });
    assert.deepEqual(changed.scope, { groups: [groupId] });
    assert.deepEqual(await kept(app), changed);
  });
});

describe('an app that changes another', () => {
  const ungrantable = refusal('grant_exceeds_own', [['permissions', 'permission_not_held']]);

  test('adds no permission beyond its own, and may leave what is there', async () => {
    const app = await register({ permissions: ['seatledger.admin'] });
    const grantable: Permission[] = ['seatledger.read'];
    const added = await change(app, { grantable, permissions: ['seatledger.admin', 'seatledger.read'] });
    assert.deepEqual(added.permissions, ['seatledger.admin', 'seatledger.read']);
    await assert.rejects(change(app, { grantable, permissions: ['seatledger.write'] }), ungrantable);
    assert.equal((await change(app, { grantable, name: 'other' })).name, 'other');
    assert.deepEqual((await change(app, { grantable, permissions: ['seatledger.read'] })).permissions, [
      'seatledger.read',
    ]);
    // What was taken away is not there to be left any more.
    await assert.rejects(change(app, { grantable, permissions: ['seatledger.admin'] }), ungrantable);
  });

  test('disables one that holds more than it, and cannot enable it again', async () => {
    const app = await register({ permissions: ['seatledger.admin', 'seatledger.read'] });
    const grantable: Permission[] = ['seatledger.read'];
    assert.equal((await change(app, { grantable, disabled: true })).disabled, true);
    await assert.rejects(change(app, { grantable, disabled: false }), ungrantable);
    assert.equal((await change(app, { grantable, name: 'other' })).disabled, true);
    const lesser = await change(app, { grantable, disabled: false, permissions: ['seatledger.read'] });
    assert.equal(lesser.disabled, false);
  });

  test('puts into force what it may give and what was in force, whatever it asks for', async () => {
    const some = fc.uniqueArray(fc.constantFrom(...permissions.slice(-5)), { minLength: 1 });
    const asked = fc.record(
      { permissions: some, disabled: fc.boolean(), name: fc.constantFrom('one', 'other') },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(some, fc.boolean(), some, asked, async (held, disabled, grantable, what) => {
        let app = await register({ permissions: held });
        if (disabled) app = await change(app, { disabled });
        const inForce = ({ disabled: isOff, permissions: of }: App): readonly Permission[] =>
          isOff ? [] : of;
        const wanted = inForce({ ...app, ...what });
        const isOwn = wanted.every((name) => grantable.includes(name) || inForce(app).includes(name));
        const changing = change(app, { ...what, grantable });
        if (isOwn) {
          assert.deepEqual(inForce(await changing), wanted);
        } else {
          await assert.rejects(changing, { code: 'grant_exceeds_own' });
          assert.deepEqual(await kept(app), app);
        }
      }),
      { numRuns: runs(100) },
    );
  });
});
