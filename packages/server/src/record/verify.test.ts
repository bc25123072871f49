import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { appRequest } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import { verifyChain } from './verify.ts';

let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  for (const name of ['first', 'second', 'third']) {
    await store.make('app.register', appRequest({ name, permissions }));
  }
});
after(() => store.close());

const verify = () => verifyChain(store.reads.record, store.partnerId);

async function brokenAt(): Promise<number | undefined> {
  const verification = await verify();
  return verification.whole ? undefined : verification.sequence;
}

describe('the chain of a record', () => {
  test('is whole as it was recorded, and ends at the head', async () => {
    const verification = await verify();
    assert.deepEqual(verification, { whole: true, head: await store.reads.record.head(store.partnerId) });
    assert.ok(verification.whole && verification.head.sequence === 4);
  });

  const alterations: readonly (readonly [string, string, number])[] = [
    [
      'an event altered after it',
      "update events set after = replace(after, 'second', 'altered') where sequence = 3",
      3,
    ],
    ['an event altered before it', "update events set before = '{}' where sequence = 2", 2],
    ['an event of another kind', "update events set kind = 'app.deleted' where sequence = 2", 2],
    ['an event about something else', "update events set subject = 'other' where sequence = 4", 4],
    ['an event about another customer', "update events set customer_id = 'other' where sequence = 3", 3],
    ['a change by somebody else', "update changes set actor = 'other' where last_sequence = 3", 3],
    ['a change for another reason', "update changes set reason = 'other' where last_sequence = 3", 3],
    [
      'a change at another time',
      'update changes set recorded_at = recorded_at + 1 where last_sequence = 4',
      4,
    ],
    [
      'a link that was computed anew',
      `update changes set hash = '${'a'.repeat(64)}' where last_sequence = 2`,
      2,
    ],
    ['an event that is missing', 'delete from events where sequence = 3', 3],
    ['a change that is missing', 'delete from changes where last_sequence = 3', 4],
    [
      'an event that no change made',
      'insert into events select partner_id, 5, kind, subject, customer_id, before, after from events where sequence = 4',
      5,
    ],
    [
      'a record cut off at its end',
      'delete from changes where last_sequence = 4; delete from events where sequence = 4',
      4,
    ],
    ['a head that was moved back', 'update partners set head_sequence = 3', 3],
  ];
  for (const [what, sql, sequence] of alterations) {
    test(`is broken by ${what}`, async () => {
      await store.exec(sql);
      assert.equal(await brokenAt(), sequence);
    });
  }

  test('never goes back in time, also where the clock does', async () => {
    await store.make('app.delete', { clientId: await anyApp() }, { now: someDay - 1000 });
    const changes = await store.reads.record.changesAfter(store.partnerId, 0, 10);
    const instants = changes.map(({ recordedAt }) => recordedAt);
    assert.deepEqual(
      instants,
      instants.toSorted((one, other) => one - other),
    );
    assert.equal((await verify()).whole, true);
  });

  test('is each partner’s own', async () => {
    const other = await store.make('partner.create', { name: 'other' });
    await store.make('app.delete', { clientId: await anyApp() });
    assert.equal((await store.reads.record.head(other.partnerId)).sequence, 1);
    assert.equal((await verifyChain(store.reads.record, other.partnerId)).whole, true);
    assert.equal((await verify()).whole, true);
  });
});

async function anyApp(): Promise<string> {
  const [app] = await store.reads.identity.appsOf(store.partnerId);
  assert.ok(app);
  return app.clientId;
}
