import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { testEngine } from '../testing/engine.ts';
import { addCustomers, customer } from '../testing/identity.ts';
import { refusal } from '../testing/refusal.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';
import { verifyStore } from '../verifyStore.ts';

const customers = ['ada', 'bob', 'eve'].map(customer);
const [ada, bob] = customers;

let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  await addCustomers(store, customers);
});
after(() => store.close());

const create = async (name = 'north') => (await store.make('group.create', { name })).groupId;
const lastSequence = async () => (await store.reads.record.head(store.partnerId)).sequence;
/** The last event with which somebody joined or left each group. */
async function membersSequences(partnerId = store.partnerId): Promise<Map<unknown, unknown>> {
  const rows = await store.rows(
    `select group_id, members_sequence from customer_groups where partner_id = ${partnerId}`,
  );
  return new Map(rows.map((row) => [row['group_id'], row['members_sequence']]));
}

describe('the customers of a group', () => {
  test('are another set with the last of them who joined or left, and with nothing else', async () => {
    assert.ok(ada !== undefined && bob !== undefined);
    const [groupId, other] = [await create(), await create('south')];
    const last = async () => (await membersSequences()).get(groupId);
    assert.equal(await last(), groupId);
    await store.make('group.join', { groupId, customerIds: customers });
    const joined = await lastSequence();
    assert.equal(await last(), joined);

    await store.make('group.join', { groupId, customerIds: [ada] });
    await store.make('group.change', { groupId, expected: 'any', name: 'far north' });
    await store.make('group.join', { groupId: other, customerIds: [ada] });
    assert.equal(await last(), joined);

    await store.make('group.leave', { groupId, customerIds: [ada, bob] });
    assert.equal(await last(), await lastSequence());
  });

  test('are as they were where one of those who should join is not there', async () => {
    const groupId = await create();
    const before = await membersSequences();
    await assert.rejects(
      store.make('group.join', { groupId, customerIds: [...customers, customer('nobody')] }),
      refusal('body_invalid', [['customerIds', 'customer_not_found']]),
    );
    assert.deepEqual(await membersSequences(), before);
    assert.deepEqual(await store.reads.estate.membersAfter(store.partnerId, groupId, '', 10), []);
  });
});

test('groups, and who joined or left last, are what the record says', async () => {
  const step = fc.record({
    what: fc.constantFrom('join', 'join', 'leave', 'rename', 'delete'),
    group: fc.nat(2),
    customerIds: fc.subarray(customers, { minLength: 1 }),
  });
  let partners = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const { partnerId } = await store.make('partner.create', { name: `partner ${partners++}` });
      const by = { partnerId };
      for (const customerId of customers) await store.make('customer.create', { customerId, facts: {} }, by);
      const groups: number[] = [];
      let names = 0;
      const nextName = () => `group ${names++}`;
      while (groups.length < 3)
        groups.push((await store.make('group.create', { name: nextName() }, by)).groupId);
      const gone = new Set<number>();
      for (const { what, group, customerIds } of steps) {
        const groupId = groups[group] ?? 0;
        const one = { groupId, expected: 'any' } as const;
        if (gone.has(groupId)) continue;
        if (what === 'join' || what === 'leave')
          await store.make(`group.${what}`, { groupId, customerIds }, by);
        else if (what === 'rename') await store.make('group.change', { ...one, name: nextName() }, by);
        else {
          await store.make('group.delete', one, by);
          gone.add(groupId);
        }
      }
      const expected = new Map<number, number>();
      for (const { kind, subject, sequence } of await store.reads.record.eventsAfter(partnerId, 0, 1000)) {
        const groupId = Number(subject);
        if (['group.created', 'group.joined', 'group.left'].includes(kind)) expected.set(groupId, sequence);
        if (kind === 'group.deleted') expected.delete(groupId);
      }
      assert.deepEqual(await membersSequences(partnerId), expected);
    }),
    { numRuns: runs(testEngine === 'sqlite' ? 40 : 10) },
  );
  await store.readWhole(async (connection) => {
    for await (const { partner, broken } of verifyStore(connection, { head: undefined }))
      assert.equal(broken, undefined, partner);
  });
});
