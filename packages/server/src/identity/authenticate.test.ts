import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import type { Permission } from '@seatledger/contract';
import { makeTestTokens, registerClient, type TestClient } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import { type Authenticate, createAuthentication } from './authenticate.ts';
import type { CredentialUse } from './credentialUse.ts';
import type { IdentityReads } from './ports.ts';
import { readRights, type RightsReader } from './rights.ts';

const tokens = await makeTestTokens();
const sender = { ip: '192.0.2.7' };
let store: TestStore;
let monotonicMs: number;
let client: TestClient;
let noted: (readonly [CredentialUse, string])[];
let rights: RightsReader;
let authenticate: Authenticate;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  tokens.now = someDay;
  tokens.forget();
  monotonicMs = 0;
  client = await registerClient(store);
  open();
});
after(() => store.close());

/** As another process has it: with nothing remembered. */
function open(
  reads: Pick<IdentityReads, 'client' | 'customersOf' | 'isTokenRevoked'> = store.reads.identity,
) {
  noted = [];
  rights = readRights(reads, () => monotonicMs);
  const noteUse = ({ clientId, credentialId }: CredentialUse, from: string) =>
    noted.push([{ clientId, credentialId }, from]);
  authenticate = createAuthentication({ tokens, rights, noteUse });
}

const issue = (
  permissions: readonly Permission[] = ['elements.license.read.all', 'seatledger.read'],
  credentialId = client.secretId,
) => tokens.issue({ clientId: client.clientId, credentialId }, permissions);
const passes = async (token: string) => 'caller' in (await authenticate(token, sender));
const refused = { refused: 'token_invalid' };
const change = (what: { disabled?: boolean; permissions?: readonly Permission[] }) =>
  store.make('app.change', { clientId: client.clientId, expected: 'any', grantable: null, ...what });

describe('a token', () => {
  test('leads to the app that it was issued to', async () => {
    const authentication = await authenticate(await issue(), sender);
    assert.ok('caller' in authentication);
    assert.equal(authentication.caller.clientId, client.clientId);
    assert.equal(authentication.caller.partnerId, store.partnerId);
    assert.equal(authentication.caller.customers, 'all');
    assert.equal(authentication.caller.revision, '2025-09-26');
  });

  test('permits what it carries and the registration holds, and nothing that only one of them does', async () => {
    client = await registerClient(store, { permissions: ['elements.license.read.all', 'seatledger.admin'] });
    const token = await issue();
    for (let time = 0; time < 2; time++) {
      const authentication = await authenticate(token, sender);
      assert.ok('caller' in authentication);
      const { caller } = authentication;
      assert.equal(caller.may('elements.license.read.all'), true);
      assert.equal(caller.may('seatledger.read'), false);
      assert.equal(caller.may('seatledger.admin'), false);
    }
  });

  test('permits what the registration holds now', async () => {
    const token = await issue();
    const may = async (permission: Permission) => {
      const authentication = await authenticate(token, sender);
      return 'caller' in authentication && authentication.caller.may(permission);
    };
    assert.equal(await may('seatledger.read'), false);
    await change({ permissions: ['seatledger.read'] });
    monotonicMs += 500;
    assert.equal(await may('seatledger.read'), true);
    assert.equal(await may('elements.license.read.all'), false);
  });

  test('is answered at once, without waiting for anything, while it and the rights are remembered', async () => {
    const token = await issue();
    assert.ok(authenticate(token, sender) instanceof Promise);
    await authenticate(token, sender);
    const again = authenticate(token, sender);
    assert.ok(!(again instanceof Promise) && 'caller' in again);
    monotonicMs += 500;
    assert.ok(authenticate(token, sender) instanceof Promise);
  });

  test('that has expired is refused as such, remembered or not', async () => {
    const [remembered, fresh] = [await issue(), await issue()];
    await authenticate(remembered, sender);
    tokens.now += 3_600_000;
    assert.deepEqual(await authenticate(remembered, sender), { refused: 'token_expired' });
    assert.deepEqual(await authenticate(fresh, sender), { refused: 'token_expired' });
  });

  test('that was got with a credential which the app never had is refused', async () => {
    const other = await registerClient(store);
    for (const credentialId of ['', 'a', other.secretId])
      assert.deepEqual(await authenticate(await issue(undefined, credentialId), sender), refused);
  });
});

describe('a token is refused, half a second later at the latest, after', () => {
  const endings: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
    'its app was deleted': () => store.make('app.delete', { clientId: client.clientId }),
    'its app was disabled': () => change({ disabled: true }),
    'the credential that it was got with was removed': () =>
      store.make('credential.remove', { clientId: client.clientId, credentialId: client.secretId }),
    'it was revoked': async (token) => {
      const verified = await tokens.verify(token);
      assert.ok('tokenId' in verified);
      const { tokenId, expiresAt } = verified;
      return store.make('token.revoke', { tokenId, expiresAt, now: tokens.now });
    },
  };
  for (const [what, end] of Object.entries(endings)) {
    test(what, async () => {
      const [token, another] = [await issue(), await issue()];
      assert.deepEqual([await passes(token), await passes(another)], [true, true]);
      await end(token);
      monotonicMs += 499;
      assert.equal(await passes(token), true);
      monotonicMs += 1;
      // The second time it is remembered that there is nothing more to it.
      for (let time = 0; time < 2; time++) assert.deepEqual(await authenticate(token, sender), refused);
      assert.equal(await passes(another), what === 'it was revoked');
    });

    test(`${what}, and the rights were forgotten`, async () => {
      const token = await issue();
      assert.equal(await passes(token), true);
      await end(token);
      rights.forget();
      assert.deepEqual(await authenticate(token, sender), refused);
    });
  }

  test('nothing of the kind: that another credential was removed, or another token revoked, ends none', async () => {
    const credential = { secretYears: 1 } as const;
    const { clientId } = client;
    const added = await store.make('credential.add', { clientId, credential, grantable: null });
    const token = await issue();
    const { credentialId } = added.credential;
    await store.make('credential.remove', { clientId, credentialId });
    await store.make('token.revoke', { tokenId: 'another', expiresAt: someDay + 1, now: someDay });
    assert.equal(await passes(token), true);
  });
});

describe('the use of a credential', () => {
  test('is noted with the address of the sender where rights are read, and not where they are remembered', async () => {
    const token = await issue();
    await authenticate(token, sender);
    for (let time = 0; time < 3; time++) await authenticate(token, { ip: '192.0.2.9' });
    const use = { clientId: client.clientId, credentialId: client.secretId };
    assert.deepEqual(noted, [[use, '192.0.2.7']]);
    monotonicMs += 500;
    await authenticate(token, { ip: '192.0.2.9' });
    assert.deepEqual(noted, [
      [use, '192.0.2.7'],
      [use, '192.0.2.9'],
    ]);
  });

  test('is not noted where the token is refused', async () => {
    await authenticate('a.b.c', sender);
    await authenticate(await issue(undefined, 'a'), sender);
    await change({ disabled: true });
    monotonicMs += 500;
    const token = await issue();
    await authenticate(token, sender);
    tokens.now += 3_600_000;
    await authenticate(token, sender);
    assert.deepEqual(noted, []);
  });
});

describe('a store that cannot be read', () => {
  test('leaves no yes older than half a second: the rights are unverified, and the cause is told', async () => {
    const token = await issue();
    await authenticate(token, sender);
    store.close();
    try {
      monotonicMs += 499;
      assert.equal(await passes(token), true);
      monotonicMs += 1;
      const authentication = await authenticate(token, sender);
      assert.ok('cause' in authentication && authentication.cause instanceof Error);
      assert.equal(authentication.refused, 'rights_unverified');
    } finally {
      store = await openTestStore();
    }
  });

  test('does not keep a bad token from being refused', async () => {
    store.close();
    try {
      assert.deepEqual(await authenticate('a.b.c', sender), refused);
    } finally {
      store = await openTestStore();
    }
  });

  test('is as one that answers only after a second: the rights are unverified, whichever of them was late', async () => {
    const token = await issue();
    for (const late of ['client', 'isTokenRevoked'] as const) {
      const { identity } = store.reads;
      const afterMs = (ms: number) => {
        monotonicMs += ms;
      };
      open({
        customersOf: (id) => identity.customersOf(id),
        async client(id) {
          if (late === 'client') afterMs(1001);
          return identity.client(id);
        },
        async isTokenRevoked(id) {
          if (late === 'isTokenRevoked') afterMs(1001);
          return identity.isTokenRevoked(id);
        },
      });
      const authentication = await authenticate(token, sender);
      assert.ok('refused' in authentication);
      assert.equal(authentication.refused, 'rights_unverified');
      assert.deepEqual(noted, []);
    }
  });
});
