/** Which customers an app sees, as it is remembered: they are read again where they may be others, and only there. */

import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import type { CustomerId } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { testEngine } from '../testing/engine.ts';
import { addCustomers, appRequest, customer } from '../testing/identity.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';
import type { CustomerScope } from './ports.ts';
import { readRights } from './rights.ts';

const [ada, bob, eve] = ['ada', 'bob', 'eve'].map(customer) as [CustomerId, CustomerId, CustomerId];

let store: TestStore;
let monotonicMs: number;
let scopeReadings: number;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  await addCustomers(store, [ada, bob, eve]);
  monotonicMs = 1_000_000;
  scopeReadings = 0;
});
after(() => store.close());

function openRights(rememberedMax?: number) {
  const { identity } = store.reads;
  const reads = {
    client: (clientId: string) => identity.client(clientId),
    isTokenRevoked: (tokenId: string) => identity.isTokenRevoked(tokenId),
    customersOf(clientId: string) {
      scopeReadings++;
      return identity.customersOf(clientId);
    },
  };
  const rights = readRights(reads, () => monotonicMs, rememberedMax);
  /** As they are read once those that are remembered are too old. */
  return async (clientId: string) => {
    monotonicMs += 500;
    const { customers } = (await rights.apps.read(clientId)) ?? {};
    return customers === undefined || customers === 'all' ? customers : [...customers].toSorted();
  };
}

const register = async (scope: CustomerScope) =>
  (await store.make('app.register', appRequest({ scope }))).app.clientId;
const groupNamed = async (name: string, customerIds: readonly CustomerId[] = []) => {
  const { groupId } = await store.make('group.create', { name });
  if (customerIds.length > 0) await store.make('group.join', { groupId, customerIds });
  return groupId;
};
const join = (groupId: number, ...customerIds: CustomerId[]) =>
  store.make('group.join', { groupId, customerIds });
const leave = (groupId: number, ...customerIds: CustomerId[]) =>
  store.make('group.leave', { groupId, customerIds });
const change = (clientId: string, what: { scope?: CustomerScope; name?: string }) =>
  store.make('app.change', { clientId, expected: 'any', grantable: null, ...what });

describe('the customers that an app sees', () => {
  test('are those of its groups, each once, and none where they are empty', async () => {
    const [north, south, empty] = [
      await groupNamed('north', [ada, bob]),
      await groupNamed('south', [bob, eve]),
      await groupNamed('empty'),
    ];
    const see = openRights();
    assert.deepEqual(await see(await register({ groups: [north, south] })), [ada, bob, eve]);
    assert.deepEqual(await see(await register({ groups: [north] })), [ada, bob]);
    assert.deepEqual(await see(await register({ groups: [empty] })), []);
  });

  test('are read once while nothing of them changes, and never where they are all', async () => {
    const north = await groupNamed('north', [ada]);
    const ofGroup = await register({ groups: [north] });
    const named = await register({ customers: [ada, bob] });
    const all = await register('all');
    const see = openRights();
    for (let time = 0; time < 3; time++) {
      assert.deepEqual(await see(ofGroup), [ada]);
      assert.deepEqual(await see(named), [ada, bob]);
      assert.equal(await see(all), 'all');
    }
    assert.equal(scopeReadings, 2);
  });

  test('are not read again where others change: groups that it does not name, and names of groups', async () => {
    const [north, south] = [await groupNamed('north', [ada]), await groupNamed('south', [bob])];
    const clientId = await register({ groups: [north] });
    const see = openRights();
    await see(clientId);
    await join(south, eve);
    await store.make('group.delete', { groupId: south, expected: 'any' });
    await store.make('group.change', { groupId: north, expected: 'any', name: 'far north' });
    await change(await register({ groups: [north] }), { scope: 'all' });
    assert.deepEqual(await see(clientId), [ada]);
    assert.equal(scopeReadings, 1);
  });

  test('are more from the next reading on where one joins a group, and fewer where one leaves', async () => {
    const north = await groupNamed('north', [ada]);
    const clientId = await register({ groups: [north] });
    const see = openRights();
    assert.deepEqual(await see(clientId), [ada]);
    await join(north, bob);
    assert.deepEqual(await see(clientId), [ada, bob]);
    await leave(north, ada);
    assert.deepEqual(await see(clientId), [bob]);
    await leave(north, bob);
    assert.deepEqual(await see(clientId), []);
    assert.equal(scopeReadings, 4);
  });

  test('are fewer where a group is deleted, and none where all of them are', async () => {
    const [north, south] = [await groupNamed('north', [ada]), await groupNamed('south', [bob])];
    const clientId = await register({ groups: [north, south] });
    const see = openRights();
    assert.deepEqual(await see(clientId), [ada, bob]);
    // The one of which somebody joined or left last stays.
    await store.make('group.delete', { groupId: north, expected: 'any' });
    assert.deepEqual(await see(clientId), [bob]);
    await store.make('group.delete', { groupId: south, expected: 'any' });
    assert.deepEqual(await see(clientId), []);
    const again = await groupNamed('north', [eve]);
    assert.notEqual(again, north);
    assert.deepEqual(await see(clientId), []);
  });

  test('are others where the app is given another scope', async () => {
    const north = await groupNamed('north', [eve]);
    const clientId = await register({ customers: [ada] });
    const see = openRights();
    assert.deepEqual(await see(clientId), [ada]);
    await change(clientId, { scope: { customers: [bob] } });
    assert.deepEqual(await see(clientId), [bob]);
    await change(clientId, { scope: { groups: [north] } });
    assert.deepEqual(await see(clientId), [eve]);
    await change(clientId, { scope: 'all' });
    assert.equal(await see(clientId), 'all');
    await change(clientId, { scope: { customers: [bob] } });
    assert.deepEqual(await see(clientId), [bob]);
  });

  test('are of its partner: a group of another one with the same number adds none', async () => {
    const north = await groupNamed('north', [ada]);
    const clientId = await register({ groups: [north] });
    const { partnerId } = await store.make('partner.create', { name: 'other' });
    const by = { partnerId };
    const head = async () => (await store.reads.record.head(partnerId)).sequence;
    const zed = customer('zed');
    await store.make('customer.create', { customerId: zed, facts: {} }, by);
    while ((await head()) < north - 1)
      await store.make('customer.create', { customerId: null, facts: {} }, by);
    const { groupId } = await store.make('group.create', { name: 'north' }, by);
    assert.equal(groupId, north);
    await store.make('group.join', { groupId, customerIds: [zed] }, by);
    assert.deepEqual(await openRights()(clientId), [ada]);
  });

  test('of more apps than are remembered are read again', async () => {
    const ids = [await register({ customers: [ada] }), await register({ customers: [bob] })];
    const see = openRights(1);
    for (let time = 0; time < 2; time++) for (const id of ids) await see(id);
    assert.equal(scopeReadings, 4);
  });
});

test('the customers that are remembered are those that the app sees, whatever changed in between', async () => {
  const some = fc.subarray([ada, bob, eve], { minLength: 1 });
  const group = fc.nat(2);
  const step = fc.oneof(
    fc.record({ what: fc.constant('join' as const), group, some }),
    fc.record({ what: fc.constant('leave' as const), group, some }),
    fc.record({ what: fc.constant('scope' as const), groups: fc.subarray([0, 1, 2], { minLength: 1 }) }),
    fc.record({ what: fc.constant('named' as const), some }),
    fc.record({ what: fc.constantFrom('delete' as const, 'rename' as const), group }),
  );
  let names = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const groups: number[] = [];
      for (let index = 0; index < 3; index++) groups.push(await groupNamed(`group ${names++}`));
      const membersOf = new Map<number, Set<CustomerId>>(groups.map((groupId) => [groupId, new Set()]));
      const clientId = await register({ groups: groups.slice(0, 2) });
      let scope: Exclude<CustomerScope, 'all'> = { groups: groups.slice(0, 2) };
      const see = openRights();
      const groupOf = (index: number) => groups[index] ?? 0;
      const isThere = (groupId: number) => membersOf.has(groupId);

      for (const next of steps) {
        const groupId = 'group' in next ? groupOf(next.group) : 0;
        const members = membersOf.get(groupId);
        if (next.what === 'join' && members !== undefined) {
          await join(groupId, ...next.some);
          for (const id of next.some) members.add(id);
        } else if (next.what === 'leave' && members !== undefined) {
          await leave(groupId, ...next.some);
          for (const id of next.some) members.delete(id);
        } else if (next.what === 'delete' && members !== undefined) {
          await store.make('group.delete', { groupId, expected: 'any' });
          membersOf.delete(groupId);
        } else if (next.what === 'rename' && members !== undefined) {
          await store.make('group.change', { groupId, expected: 'any', name: `group ${names++}` });
        } else if (next.what === 'named') {
          scope = { customers: next.some };
          await change(clientId, { scope });
        } else if (next.what === 'scope') {
          const asked = next.groups.map(groupOf).filter(isThere);
          if (asked.length === 0) continue;
          scope = { groups: asked };
          await change(clientId, { scope });
        }
        const seen: readonly CustomerId[] =
          'customers' in scope
            ? scope.customers
            : scope.groups.flatMap((id) => [...(membersOf.get(id) ?? [])]);
        assert.deepEqual(await see(clientId), [...new Set(seen)].toSorted());
      }
    }),
    { numRuns: runs(testEngine === 'sqlite' ? 60 : 15) },
  );
});
