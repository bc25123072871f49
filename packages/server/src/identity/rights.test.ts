import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { makeCertificate } from '../testing/certificates.ts';
import { addCustomers, appRequest, customer } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import type { App } from './ports.ts';
import { readRights, type RightsReader } from './rights.ts';

let store: TestStore;
let app: App;
let monotonicMs: number;
let rights: RightsReader;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  app = await register();
  monotonicMs = 1_000_000;
  rights = open();
});
after(() => store.close());

const register = async (request: Parameters<typeof appRequest>[0] = {}): Promise<App> =>
  (await store.make('app.register', appRequest(request))).app;
const open = (rememberedMax?: number) => readRights(store.reads.identity, () => monotonicMs, rememberedMax);
const read = () => rights.apps.read(app.clientId);
const change = (what: Partial<Pick<App, 'disabled' | 'permissions'>>) =>
  store.make('app.change', { clientId: app.clientId, expected: 'any', grantable: null, ...what });
const revoke = (tokenId: string) =>
  store.make('token.revoke', { tokenId, expiresAt: someDay + 3_600_000, now: someDay });

describe('the rights of an app', () => {
  test('are those of its registration, and of the credentials that it has', async () => {
    await addCustomers(store, [customer('contoso'), customer('fabrikam')]);
    app = await register({
      permissions: ['seatledger.read', 'elements.license.read.all'],
      scope: { customers: [customer('contoso')] },
      revision: '2025-10-11',
      certificates: [makeCertificate().pem],
    });
    assert.deepEqual(await read(), {
      clientId: app.clientId,
      partnerId: store.partnerId,
      permissions: new Set(['seatledger.read', 'elements.license.read.all']),
      customers: new Set(['contoso']),
      scopeVersion: `${app.changedSequence}.0.0`,
      revision: '2025-10-11',
      credentialIds: new Set(app.credentials.map(({ credentialId }) => credentialId)),
    });
  });

  test('are none where there is no such app, and this is not remembered', async () => {
    await store.make('app.delete', { clientId: app.clientId });
    assert.equal(await read(), undefined);
    assert.equal(rights.apps.remembered(app.clientId), undefined);
    assert.equal(await rights.apps.read('00000000-0000-4000-8000-000000000000'), undefined);
  });

  test('are none where it is disabled, and are there again once it is enabled', async () => {
    await change({ disabled: true });
    assert.equal(await read(), undefined);
    await change({ disabled: false });
    assert.ok((await read()) !== undefined);
  });

  test('are remembered for less than half a second of the monotonic clock', async () => {
    assert.equal(rights.apps.remembered(app.clientId), undefined);
    const found = await read();
    monotonicMs += 499;
    assert.equal(rights.apps.remembered(app.clientId), found);
    monotonicMs += 1;
    assert.equal(rights.apps.remembered(app.clientId), undefined);
  });

  const narrowings: Readonly<Record<string, () => Promise<unknown>>> = {
    'was deleted': () => store.make('app.delete', { clientId: app.clientId }),
    'was disabled': () => change({ disabled: true }),
    'holds another permission': () => change({ permissions: ['seatledger.write'] }),
    'lost a credential': () =>
      store.make('credential.remove', {
        clientId: app.clientId,
        credentialId: app.credentials[0]?.credentialId ?? '',
      }),
  };
  for (const [what, narrow] of Object.entries(narrowings)) {
    test(`are read anew half a second after it ${what} elsewhere`, async () => {
      const before = await read();
      await narrow();
      assert.equal(await read(), before);
      monotonicMs += 500;
      assert.notDeepEqual(await read(), before);
    });
  }

  test('are gone at once where a change of this process makes them forgotten', async () => {
    await read();
    await store.make('app.delete', { clientId: app.clientId });
    rights.forget();
    assert.equal(rights.apps.remembered(app.clientId), undefined);
    assert.equal(await read(), undefined);
  });

  test('of more apps than are remembered make the oldest give way', async () => {
    const ids = [app, await register(), await register()].map(({ clientId }) => clientId);
    rights = open(2);
    for (const id of ids) await rights.apps.read(id);
    assert.deepEqual(
      ids.map((id) => rights.apps.remembered(id) !== undefined),
      [false, true, true],
    );
  });

  test('are not told where they cannot be read, and are read again the next time', async () => {
    let isBroken = true;
    const { identity } = store.reads;
    const fail = () => Promise.reject(new Error('no store'));
    const reads = {
      client: (id: string) => (isBroken ? fail() : identity.client(id)),
      customersOf: (id: string) => identity.customersOf(id),
      isTokenRevoked: (id: string) => (isBroken ? fail() : identity.isTokenRevoked(id)),
    };
    rights = readRights(reads, () => monotonicMs);
    await assert.rejects(read());
    await assert.rejects(rights.tokens.read('one'));
    isBroken = false;
    assert.ok((await read()) !== undefined);
    assert.equal(await rights.tokens.read('one'), 'good');
  });
});

describe('a token', () => {
  test('is good unless it was revoked, and this is read anew half a second later', async () => {
    assert.equal(await rights.tokens.read('one'), 'good');
    await revoke('one');
    monotonicMs += 499;
    assert.equal(rights.tokens.remembered('one'), 'good');
    monotonicMs += 1;
    assert.equal(rights.tokens.remembered('one'), undefined);
    assert.equal(await rights.tokens.read('one'), 'revoked');
    assert.equal(await rights.tokens.read('another'), 'good');
  });

  test('is revoked at once where a change of this process makes it forgotten', async () => {
    await rights.tokens.read('one');
    await revoke('one');
    rights.forget();
    assert.equal(rights.tokens.remembered('one'), undefined);
    assert.equal(await rights.tokens.read('one'), 'revoked');
    assert.equal(rights.tokens.remembered('one'), 'revoked');
  });
});
