import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { makeCertificate } from '../testing/certificates.ts';
import { registerClient, type TestClient } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import { verifyStore } from '../verifyStore.ts';

let store: TestStore;
let client: TestClient;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  client = await registerClient(store, { certificates: [makeCertificate().pem] });
});
after(() => store.close());

const fiveMinutes = 300_000;

describe('the use of a credential', () => {
  const note = (credentialId: string, at: number, from: string, clientId = client.clientId) =>
    store.make('credential.use', { clientId, credentialId, use: { at, from } });
  const lastUses = async () => {
    const app = await store.reads.identity.app(store.partnerId, client.clientId);
    return new Map(app?.credentials.map(({ credentialId, lastUse }) => [credentialId, lastUse]));
  };

  test('is told by the registration: when and from where, of each by itself', async () => {
    const [certificateId = ''] = client.certificateIds;
    assert.deepEqual([...(await lastUses()).values()], [null, null]);
    await note(client.secretId, someDay, '192.0.2.7');
    assert.equal((await lastUses()).get(certificateId), null);
    await note(certificateId, someDay + 1, '2001:db8::7');
    const uses = await lastUses();
    assert.deepEqual(uses.get(client.secretId), { at: someDay, from: '192.0.2.7' });
    assert.deepEqual(uses.get(certificateId), { at: someDay + 1, from: '2001:db8::7' });
  });

  test('is written down once a minute, however many processes note it', async () => {
    await note(client.secretId, someDay, 'one');
    await note(client.secretId, someDay + 59_999, 'another');
    assert.deepEqual((await lastUses()).get(client.secretId), { at: someDay, from: 'one' });
    await note(client.secretId, someDay + 60_000, 'another');
    assert.deepEqual((await lastUses()).get(client.secretId), { at: someDay + 60_000, from: 'another' });
  });

  test('is not put back by a process whose clock is behind', async () => {
    await note(client.secretId, someDay + 600_000, 'ahead');
    await note(client.secretId, someDay, 'behind');
    assert.equal((await lastUses()).get(client.secretId)?.from, 'ahead');
  });

  test('is of the credential of that app: of another, or of one that is gone, nothing is noted', async () => {
    const other = await registerClient(store);
    await note(client.secretId, someDay, 'here', other.clientId);
    await note('gone', someDay, 'here');
    assert.deepEqual([...(await lastUses()).values()], [null, null]);
    const clientId = other.clientId;
    await store.make('app.delete', { clientId });
    await note(other.secretId, someDay, 'here', clientId);
  });

  test('is no change of the app: it is on no record, and leaves its version', async () => {
    const before = await store.reads.identity.app(store.partnerId, client.clientId);
    const head = await store.reads.record.head(store.partnerId);
    await note(client.secretId, someDay, 'here');
    assert.deepEqual(await store.reads.record.head(store.partnerId), head);
    const app = await store.reads.identity.app(store.partnerId, client.clientId);
    assert.equal(app?.changedSequence, before?.changedSequence);
    await store.readWhole(async (connection) => {
      for await (const { broken } of verifyStore(connection, { head: undefined }))
        assert.equal(broken, undefined);
    });
  });

  test('goes on through a change of the app', async () => {
    const { clientId, secretId } = client;
    await note(secretId, someDay, 'here');
    await store.make('app.change', {
      clientId,
      expected: 'any',
      grantable: null,
      name: 'other',
      scope: 'all',
    });
    const credential = { secretYears: 1 } as const;
    await store.make('credential.add', { clientId, credential, grantable: null });
    assert.deepEqual((await lastUses()).get(secretId), { at: someDay, from: 'here' });
  });
});

describe('a token that was revoked', () => {
  const revoke = (tokenId: string, expiresAt: number, now = someDay) =>
    store.make('token.revoke', { tokenId, expiresAt, now });
  const isRevoked = (tokenId: string) => store.reads.identity.isTokenRevoked(tokenId);

  test('is revoked, also where that is done twice, and no other is', async () => {
    assert.equal(await isRevoked('one'), false);
    for (let time = 0; time < 2; time++) await revoke('one', someDay + 1000);
    assert.deepEqual([await isRevoked('one'), await isRevoked('another')], [true, false]);
  });

  test('is forgotten five minutes after its end, and not before', async () => {
    await revoke('one', someDay + 1000);
    await revoke('later', someDay + 1001);
    await revoke('a', someDay + 3_600_000, someDay + 1000 + fiveMinutes - 1);
    assert.equal(await isRevoked('one'), true);
    await revoke('b', someDay + 3_600_000, someDay + 1000 + fiveMinutes);
    assert.deepEqual([await isRevoked('one'), await isRevoked('later')], [false, true]);
    assert.deepEqual([await isRevoked('a'), await isRevoked('b')], [true, true]);
  });

  test('is on no record', async () => {
    const head = await store.reads.record.head(store.partnerId);
    await revoke('one', someDay + 1000);
    assert.deepEqual(await store.reads.record.head(store.partnerId), head);
  });
});

describe('an assertion that was used', () => {
  const use = (assertionHash: string, expiresAt: number, { clientId = 'app', now = someDay } = {}) =>
    store.make('assertion.use', { clientId, assertionHash, expiresAt, now });

  test('is the first of its client once', async () => {
    assert.equal(await use('one', someDay + 1000), true);
    assert.equal(await use('one', someDay + 1000), false);
    assert.equal(await use('one', someDay + 9000), false);
    assert.equal(await use('one', someDay + 1000, { clientId: 'another' }), true);
    assert.equal(await use('two', someDay + 1000), true);
  });

  test('is forgotten five minutes after its end, and not before', async () => {
    await use('one', someDay + 1000);
    await use('later', someDay + 1001);
    const later = { now: someDay + 1000 + fiveMinutes };
    assert.equal(await use('one', someDay + 9000, { now: later.now - 1 }), false);
    assert.equal(await use('another', someDay + 9000, later), true);
    const rows = await store.rows('select assertion_hash from used_assertions order by 1');
    assert.deepEqual(
      rows.map((row) => row['assertion_hash']),
      ['another', 'later'],
    );
  });

  test('is forgotten with what else has ended, whatever comes first', async () => {
    await use('one', someDay + 1000);
    const tokenId = 'one';
    await store.make('token.revoke', { tokenId, expiresAt: someDay + 1000, now: someDay });
    await use('two', someDay + 9e9, { now: someDay + 8e9 });
    assert.equal(await store.reads.identity.isTokenRevoked(tokenId), false);
    assert.deepEqual(await store.rows('select token_id from revoked_tokens'), []);
  });
});
