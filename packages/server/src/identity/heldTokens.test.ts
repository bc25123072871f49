import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import type { Permission } from '@seatledger/contract';
import { customer, makeTestTokens, registerClient, type TestClient } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import type { AppRequest } from './apps.ts';
import { createTokenAnswers, type TokenAnswers } from './heldTokens.ts';
import type { Client } from './ports.ts';
import { readRights, type RightsReader } from './rights.ts';

const tokens = await makeTestTokens();
let store: TestStore;
let client: TestClient;
let rights: RightsReader;
let answers: TokenAnswers;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  tokens.now = someDay;
  tokens.forget();
  rights = readRights(store.reads.identity, () => 0);
  answers = createTokenAnswers({
    tokens,
    rights,
    async revoke(token) {
      await store.make('token.revoke', { ...token, now: tokens.now });
      rights.forget();
    },
  });
  client = await registerClient(store, { permissions: ['seatledger.read', 'seatledger.write'] });
});
after(() => store.close());

const issue = (
  permissions: readonly Permission[] = ['seatledger.read', 'seatledger.write'],
  { clientId, secretId: credentialId } = client,
) => tokens.issue({ clientId, credentialId }, permissions);

/** As it is when it has proved who it is. */
async function asClient({ clientId } = client): Promise<Client> {
  const found = await store.reads.identity.client(clientId);
  assert.ok(found !== undefined);
  return found;
}

async function tokenIdOf(token: string): Promise<string> {
  const verified = await tokens.verify(token);
  assert.ok('tokenId' in verified);
  return verified.tokenId;
}

const change = (what: { disabled?: boolean; permissions?: readonly Permission[] }) =>
  store.make('app.change', { clientId: client.clientId, expected: 'any', grantable: null, ...what });

describe('a client that revokes a token', () => {
  const isRevoked = async (token: string) => store.reads.identity.isTokenRevoked(await tokenIdOf(token));

  test('ends its own, and this alone, however often it says so', async () => {
    const [token, another] = [await issue(), await issue()];
    for (let time = 0; time < 2; time++)
      assert.equal(await answers.revoke(await asClient(), token), 'revoked');
    assert.deepEqual([await isRevoked(token), await isRevoked(another)], [true, false]);
    assert.deepEqual(await store.rows('select expires_at from revoked_tokens'), [
      { expires_at: someDay + 3_600_000 },
    ]);
  });

  test('ends its own whatever credential it was got with, and also where it may do nothing any more', async () => {
    const token = await tokens.issue({ clientId: client.clientId, credentialId: 'gone' }, []);
    assert.equal(await answers.revoke(await asClient(), token), 'revoked');
    assert.equal(await isRevoked(token), true);
  });

  test('leaves those of others, also where it administers them', async () => {
    const admin = await registerClient(store, { permissions: ['seatledger.admin'] });
    const token = await issue();
    assert.equal(await answers.revoke(await asClient(admin), token), 'of_another');
    assert.equal(await isRevoked(token), false);
  });

  test('is told that it is revoked of what is no token in force, and nothing is kept of it', async () => {
    const expired = await issue();
    const otherServer = await makeTestTokens();
    const foreign = await otherServer.issue({ clientId: client.clientId, credentialId: client.secretId }, []);
    tokens.now += 3_600_000;
    for (const token of ['', 'garbage', 'a.b.c', `${expired}A`, expired, foreign])
      assert.equal(await answers.revoke(await asClient(), token), 'revoked');
    assert.deepEqual(await store.rows('select * from revoked_tokens'), []);
  });
});

describe('a client that asks what a token is good for', () => {
  const introspect = async (token: string, by = client) => answers.introspect(await asClient(by), token);
  const isActive = async (token: string, by = client) => (await introspect(token, by)) !== undefined;

  test('is told all of its own', async () => {
    const token = await issue();
    assert.deepEqual(await introspect(token), {
      clientId: client.clientId,
      credentialId: client.secretId,
      tokenId: await tokenIdOf(token),
      permissions: new Set(['seatledger.read', 'seatledger.write']),
      permissionsNow: ['seatledger.read', 'seatledger.write'],
      issuedAt: someDay,
      expiresAt: someDay + 3_600_000,
    });
  });

  test('is told what the token may do now: what the app holds no longer, it may not', async () => {
    const token = await issue();
    await change({ permissions: ['seatledger.write', 'seatledger.admin'] });
    assert.deepEqual((await introspect(token))?.permissionsNow, ['seatledger.write']);
    await change({ permissions: ['elements.license.read.all'] });
    rights.forget();
    assert.deepEqual((await introspect(token))?.permissionsNow, []);
  });

  const askers: readonly (readonly [string, Partial<AppRequest>, boolean])[] = [
    ['administers the partner', { permissions: ['seatledger.admin'] }, true],
    ['holds everything but that', { permissions: ['seatledger.read', 'seatledger.write'] }, false],
    [
      'administers some customers alone',
      { permissions: ['seatledger.admin'], scope: { customers: [customer('contoso')] } },
      false,
    ],
  ];
  for (const [who, request, isTold] of askers) {
    test(`is told ${isTold ? 'of any other' : 'nothing of others'} where it ${who}`, async () => {
      await store.make('customer.create', { customerId: customer('contoso'), facts: {} });
      const asker = await registerClient(store, request);
      assert.equal(await isActive(await issue(), asker), isTold);
      assert.equal(await isActive(await issue([], asker), asker), true);
    });
  }

  test('is told nothing of others where it administers a group of customers, or another partner', async () => {
    const { groupId } = await store.make('group.create', { name: 'north' });
    const admin = { permissions: ['seatledger.admin'] } as const;
    const ofGroup = await registerClient(store, { ...admin, scope: { groups: [groupId] } });
    const { partnerId } = await store.make('partner.create', { name: 'other' });
    const ofOther = await registerClient(store, admin, { partnerId });
    const token = await issue();
    assert.deepEqual([await isActive(token, ofGroup), await isActive(token, ofOther)], [false, false]);
  });

  const endings: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
    'was revoked': async (token) => answers.revoke(await asClient(), token),
    'has expired': async () => {
      tokens.now += 3_600_000;
    },
    'is of an app that was disabled': () => change({ disabled: true }),
    'is of an app that was deleted': () => store.make('app.delete', { clientId: client.clientId }),
    'was got with a credential that was removed': () =>
      store.make('credential.remove', { clientId: client.clientId, credentialId: client.secretId }),
  };
  for (const [what, end] of Object.entries(endings)) {
    test(`is told that a token is not active which ${what}, be it its own or not`, async () => {
      const admin = await registerClient(store, { permissions: ['seatledger.admin'] });
      const itself = await asClient();
      const token = await issue();
      assert.deepEqual([await isActive(token), await isActive(token, admin)], [true, true]);
      await end(token);
      rights.forget();
      assert.equal(await answers.introspect(itself, token), undefined);
      assert.equal(await isActive(token, admin), false);
    });
  }

  test('is told that what is no token is not active', async () => {
    for (const token of ['', 'garbage', 'a.b.c', `${await issue()}A`])
      assert.equal(await isActive(token), false);
  });

  test('is told nothing where the store cannot be read', async () => {
    const token = await issue();
    const itself = await asClient();
    store.close();
    try {
      await assert.rejects(answers.introspect(itself, token));
    } finally {
      store = await openTestStore();
    }
  });
});
