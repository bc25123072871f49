import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, describe, mock, test } from 'node:test';
import { appRequest, makeTestTokens } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import { type ClientProof, createTokenGrant, type GrantToken } from './grantToken.ts';

const year = 365 * 86_400_000;
let store: TestStore;
let now = someDay;
let grantToken: GrantToken;
let proof: ClientProof;
before(async () => {
  store = await openTestStore();
  const tokens = await makeTestTokens();
  grantToken = createTokenGrant({ apps: store.reads.identity, tokens, clock: { now: () => now } });
  const permissions = ['seatledger.read', 'elements.license.read.all'] as const;
  const { app, clientSecret } = await store.make('app.register', appRequest({ permissions }));
  proof = { clientId: app.clientId, clientSecret };
});
after(() => store.close());

const stranger = '00000000-0000-4000-8000-000000000000';

/** How often secrets were hashed and hashes compared in the meantime. */
async function workOf(doing: () => Promise<unknown>): Promise<{ hashes: number; comparisons: number }> {
  const hash = mock.method(crypto, 'createHash');
  const compare = mock.method(crypto, 'timingSafeEqual');
  syncBuiltinESMExports();
  try {
    await doing();
    return { hashes: hash.mock.callCount(), comparisons: compare.mock.callCount() };
  } finally {
    mock.restoreAll();
    syncBuiltinESMExports();
  }
}

describe('the client credentials grant', () => {
  test('gives a client with its secret all that it holds, in the order of the registration', async () => {
    const outcome = await grantToken(proof, undefined);
    assert.ok('accessToken' in outcome);
    assert.deepEqual(outcome.permissions, ['seatledger.read', 'elements.license.read.all']);
    assert.equal(outcome.expiresInSeconds, 3600);
  });

  test('takes the client id in any case', async () => {
    assert.ok(
      'accessToken' in (await grantToken({ ...proof, clientId: proof.clientId.toUpperCase() }, undefined)),
    );
  });

  test('does the same hashing and comparing for an unknown client, a wrong secret and an expired one', async () => {
    const wrong = { ...proof, clientSecret: 'wrong' };
    const unknown = { ...proof, clientId: stranger };
    try {
      const once = { hashes: 1, comparisons: 1 };
      assert.deepEqual(await workOf(() => grantToken(wrong, undefined)), once);
      assert.deepEqual(await workOf(() => grantToken(unknown, undefined)), once);
      now = someDay + 2 * year;
      assert.deepEqual(await workOf(() => grantToken(proof, undefined)), once);
    } finally {
      now = someDay;
    }
  });

  test('tells an unknown client, a wrong secret and an expired one the same', async () => {
    const wrong = await grantToken({ ...proof, clientSecret: 'wrong' }, undefined);
    const unknown = await grantToken({ ...proof, clientId: stranger }, undefined);
    now = someDay + 2 * year;
    const expired = await grantToken(proof, undefined);
    now = someDay;
    assert.ok('error' in wrong && wrong.error === 'invalid_client');
    assert.deepEqual(unknown, wrong);
    assert.deepEqual(expired, wrong);
  });

  test('asks for the secret before it looks at the scope', async () => {
    const outcome = await grantToken({ ...proof, clientSecret: 'wrong' }, 'no.such.permission');
    assert.ok('error' in outcome && outcome.error === 'invalid_client');
  });

  test('ends with the secret: a millisecond before its end it works, at its end it does not', async () => {
    try {
      now = Date.UTC(2027, 0, 31) - 1;
      assert.ok('accessToken' in (await grantToken(proof, undefined)));
      now += 1;
      assert.ok('error' in (await grantToken(proof, undefined)));
    } finally {
      now = someDay;
    }
  });
});
