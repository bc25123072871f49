import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { addCustomers, appRequest, customer } from '../testing/identity.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';
import type { App } from './ports.ts';
import { readRights } from './rights.ts';

let store: TestStore;
let clientId: string;
let monotonicMs: number;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  clientId = await register();
  monotonicMs = 1_000_000;
});
after(() => store.close());

async function register(): Promise<string> {
  return (await store.make('app.register', appRequest())).app.clientId;
}
const remove = (id: string) => store.make('app.delete', { clientId: id });
const open = (rememberedMax?: number) => readRights(store.reads.identity, () => monotonicMs, rememberedMax);

/** The store, whose answers wait until the test lets them go, in the order of the readings. */
function openSlowly() {
  const held: (() => void)[] = [];
  let begun = 0;
  const reads = {
    async app(id: string): Promise<App | undefined> {
      begun++;
      const app = await store.reads.identity.app(id);
      const { promise, resolve } = Promise.withResolvers<void>();
      held.push(resolve);
      await promise;
      return app;
    },
  };
  return {
    rights: readRights(reads, () => monotonicMs),
    /** How many readings wait with their answer, once all that have begun do. */
    waiting: async () => {
      do await setImmediate();
      while (held.length < begun);
      return held.length;
    },
    letGo: (index: number) => held[index]?.(),
  };
}

describe('the rights of an app', () => {
  test('are those of its registration', async () => {
    await addCustomers(store, [customer('contoso')]);
    const { app } = await store.make(
      'app.register',
      appRequest({
        permissions: ['seatledger.read', 'elements.license.read.all'],
        customers: [customer('contoso')],
        revision: '2025-10-11',
      }),
    );
    assert.deepEqual(await open().read(app.clientId), {
      clientId: app.clientId,
      partnerId: store.partnerId,
      permissions: new Set(['seatledger.read', 'elements.license.read.all']),
      customers: new Set(['contoso']),
      revision: '2025-10-11',
    });
  });

  test('are none where there is no such app, and this is not remembered', async () => {
    const rights = open();
    await remove(clientId);
    assert.equal(await rights.read(clientId), undefined);
    assert.equal(rights.remembered(clientId), undefined);
  });

  test('are remembered for less than half a second of the monotonic clock', async () => {
    const rights = open();
    assert.equal(rights.remembered(clientId), undefined);
    const read = await rights.read(clientId);
    monotonicMs += 499;
    assert.equal(rights.remembered(clientId), read);
    monotonicMs += 1;
    assert.equal(rights.remembered(clientId), undefined);
  });

  test('are as old as the beginning of their reading, however long it took', async () => {
    const { rights, waiting, letGo } = openSlowly();
    const reading = rights.read(clientId);
    assert.equal(await waiting(), 1);
    monotonicMs += 500;
    letGo(0);
    assert.ok((await reading) !== undefined);
    assert.equal(rights.remembered(clientId), undefined);
  });

  test('that changed elsewhere are read anew half a second later', async () => {
    const rights = open();
    await rights.read(clientId);
    await remove(clientId);
    monotonicMs += 500;
    assert.equal(await rights.read(clientId), undefined);
  });

  test('are gone at once where a change of this process makes them forgotten', async () => {
    const rights = open();
    await rights.read(clientId);
    await remove(clientId);
    rights.forget();
    assert.equal(rights.remembered(clientId), undefined);
    assert.equal(await rights.read(clientId), undefined);
  });

  test('of more apps than are remembered make the oldest give way', async () => {
    const ids = [clientId, await register(), await register()];
    const rights = open(2);
    for (const id of ids) await rights.read(id);
    assert.deepEqual(
      ids.map((id) => rights.remembered(id) !== undefined),
      [false, true, true],
    );
  });
});

describe('a reading of rights', () => {
  test('is one for all who ask while it is under way', async () => {
    const { rights, waiting, letGo } = openSlowly();
    const both = [rights.read(clientId), rights.read(clientId)];
    assert.equal(await waiting(), 1);
    letGo(0);
    const [one, other] = await Promise.all(both);
    assert.ok(one !== undefined && one === other);
  });

  test('that began before a change is not what those get who ask after it, and is not remembered', async () => {
    const { rights, waiting, letGo } = openSlowly();
    const before = rights.read(clientId);
    assert.equal(await waiting(), 1);
    await remove(clientId);
    rights.forget();
    const later = rights.read(clientId);
    assert.equal(await waiting(), 2);
    letGo(0);
    assert.ok((await before) !== undefined);
    assert.equal(rights.remembered(clientId), undefined);
    letGo(1);
    assert.equal(await later, undefined);
    assert.equal(rights.remembered(clientId), undefined);
  });

  test('that is under way for half a second is not waited for by others', async () => {
    const { rights, waiting, letGo } = openSlowly();
    const slow = rights.read(clientId);
    assert.equal(await waiting(), 1);
    await remove(clientId);
    monotonicMs += 500;
    const later = rights.read(clientId);
    assert.equal(await waiting(), 2);
    letGo(0);
    letGo(1);
    assert.ok((await slow) !== undefined);
    assert.equal(await later, undefined);
  });

  test('that fails tells so to all who wait for it, and the next one begins anew', async () => {
    let isBroken = true;
    const reads = {
      app: (id: string) => (isBroken ? Promise.reject(new Error('no store')) : store.reads.identity.app(id)),
    };
    const rights = readRights(reads, () => monotonicMs);
    const both = [rights.read(clientId), rights.read(clientId)];
    await Promise.all(both.map((reading) => assert.rejects(reading)));
    isBroken = false;
    assert.ok((await rights.read(clientId)) !== undefined);
  });
});
