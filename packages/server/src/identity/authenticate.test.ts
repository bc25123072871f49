import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { appRequest, makeTestTokens } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import { createAuthentication } from './authenticate.ts';
import { readRights } from './rights.ts';

const tokens = await makeTestTokens();
let store: TestStore;
let monotonicMs: number;
let clientId: string;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  tokens.now = someDay;
  monotonicMs = 0;
  clientId = (await store.make('app.register', appRequest())).app.clientId;
});
after(() => store.close());

function open() {
  const rights = readRights(store.reads.identity, () => monotonicMs);
  return { rights, authenticate: createAuthentication({ tokens, rights }) };
}
const issue = () => tokens.issue(clientId, ['elements.license.read.all', 'seatledger.read']);

describe('a token', () => {
  test('leads to the app that it was issued to', async () => {
    const { authenticate } = open();
    const authentication = await authenticate(await issue());
    assert.ok('caller' in authentication);
    assert.equal(authentication.caller.clientId, clientId);
    assert.equal(authentication.caller.partnerId, store.partnerId);
    assert.equal(authentication.caller.customers, 'all');
  });

  test('permits what it carries and the registration holds, and nothing that only one of them does', async () => {
    clientId = (
      await store.make(
        'app.register',
        appRequest({ permissions: ['elements.license.read.all', 'seatledger.admin'] }),
      )
    ).app.clientId;
    const authentication = await open().authenticate(await issue());
    assert.ok('caller' in authentication);
    const { caller } = authentication;
    assert.equal(caller.may('elements.license.read.all'), true);
    assert.equal(caller.may('seatledger.read'), false);
    assert.equal(caller.may('seatledger.admin'), false);
  });

  test('is answered at once, without waiting for anything, while it and the rights are remembered', async () => {
    const { authenticate } = open();
    const token = await issue();
    assert.ok(authenticate(token) instanceof Promise);
    await authenticate(token);
    const again = authenticate(token);
    assert.ok(!(again instanceof Promise) && 'caller' in again);
    monotonicMs += 500;
    assert.ok(authenticate(token) instanceof Promise);
  });

  test('is refused at once after its app was deleted and its rights forgotten', async () => {
    const { authenticate, rights } = open();
    const token = await issue();
    assert.ok('caller' in (await authenticate(token)));
    await store.make('app.delete', { clientId });
    rights.forget();
    assert.deepEqual(await authenticate(token), { refused: 'token_invalid' });
  });

  test('is refused half a second after its app was deleted by another process', async () => {
    const { authenticate } = open();
    const token = await issue();
    await authenticate(token);
    await store.make('app.delete', { clientId });
    monotonicMs += 500;
    assert.deepEqual(await authenticate(token), { refused: 'token_invalid' });
  });

  test('that has expired is refused as such, remembered or not', async () => {
    const { authenticate } = open();
    const [remembered, fresh] = [await issue(), await issue()];
    await authenticate(remembered);
    tokens.now += 3_600_000;
    assert.deepEqual(await authenticate(remembered), { refused: 'token_expired' });
    assert.deepEqual(await authenticate(fresh), { refused: 'token_expired' });
  });
});

describe('a store that cannot be read', () => {
  test('leaves no yes older than half a second: the rights are unverified, and the cause is told', async () => {
    const { authenticate } = open();
    const token = await issue();
    await authenticate(token);
    store.close();
    try {
      monotonicMs += 499;
      assert.ok('caller' in (await authenticate(token)));
      monotonicMs += 1;
      const authentication = await authenticate(token);
      assert.ok('cause' in authentication && authentication.cause instanceof Error);
      assert.equal(authentication.refused, 'rights_unverified');
    } finally {
      store = await openTestStore();
    }
  });

  test('does not keep a bad token from being refused', async () => {
    const { authenticate } = open();
    store.close();
    try {
      assert.deepEqual(await authenticate('a.b.c'), { refused: 'token_invalid' });
    } finally {
      store = await openTestStore();
    }
  });
});
