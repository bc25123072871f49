import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { keysInMemory } from '../testing/identity.ts';
import { someDay } from '../testing/store.ts';
import { type KeyRing, keyStates, openKeyRing, rotateKeys } from './keys.ts';

const minute = 60_000;
/** How long after another begins to sign a key verifies: a token lives an hour, and clocks differ. */
const verifiesMs = 65 * minute;

let now: number;
/** What has passed since, whatever the clock says; milliseconds. */
let passedMs: number;
let store: ReturnType<typeof keysInMemory>;
let removals: number;
beforeEach(() => {
  now = someDay;
  passedMs = 0;
  store = keysInMemory();
  removals = 0;
});

const open = () =>
  openKeyRing(store, {
    clock: { now: () => now },
    monotonicMs: () => passedMs,
    onRemoval: () => removals++,
  });
const rotate = (dropOthers = false) => rotateKeys(store, { now, dropOthers });
const kidsOf = (keys: KeyRing) => keys.publicJwks().map(({ kid }) => kid);
const states = async () => (await keyStates(store, now)).map(({ state }) => state);

describe('the first key', () => {
  test('is made where there is none, signs at once, and is the same after every restart', async () => {
    const made = await open();
    const { kid } = made.signing();
    assert.ok(made.verifying(kid) !== undefined);
    now += 86_400_000;
    const again = await open();
    assert.equal(again.signing().kid, kid);
    assert.deepEqual(again.publicJwks(), made.publicJwks());
    assert.equal(store.kept.length, 1);
  });

  test('is of 2048 bits, and named by its RFC 7638 thumbprint', async () => {
    const keys = await open();
    const [jwk, ...more] = keys.publicJwks();
    assert.ok(jwk !== undefined && more.length === 0);
    assert.equal(Buffer.from(String(jwk.n), 'base64url').length, 256);
    assert.equal(keys.signing().kid, await calculateJwkThumbprint(jwk));
  });

  test('is published with the members of a public key alone', async () => {
    const jwks = (await open()).publicJwks();
    assert.deepEqual(
      jwks.map((jwk) => Object.keys(jwk)),
      [['kty', 'n', 'e', 'kid', 'use', 'alg']],
    );
    assert.deepEqual([jwks[0]?.use, jwks[0]?.alg], ['sig', 'RS256']);
  });

  test('is one for all who make it at the same time', async () => {
    const rings = await Promise.all([open(), open(), open()]);
    const kids = rings.map((ring) => ring.signing().kid);
    assert.deepEqual(new Set(kids).size, 1);
    assert.equal(store.kept.length, 1);
  });
});

describe('a key that takes over from another', () => {
  test('is shown for ten seconds before it signs, and both verify', async () => {
    const keys = await open();
    const old = keys.signing().kid;
    now += minute;
    const rotated = await rotate();
    assert.deepEqual(rotated, { kid: rotated.kid, signsAt: now + 10_000, removed: [] });
    await keys.refresh();
    assert.deepEqual(kidsOf(keys), [old, rotated.kid]);
    assert.equal(keys.signing().kid, old);
    now = rotated.signsAt - 1;
    assert.equal(keys.signing().kid, old);
    now = rotated.signsAt;
    assert.equal(keys.signing().kid, rotated.kid);
    for (const kid of [old, rotated.kid]) assert.ok(keys.verifying(kid) !== undefined);
  });

  test('lets the old one verify until its last token cannot be in force, and then it is not published any more', async () => {
    const keys = await open();
    const old = keys.signing().kid;
    const { kid, signsAt } = await rotate();
    now = signsAt + verifiesMs - 1;
    await keys.refresh();
    assert.deepEqual(kidsOf(keys), [old, kid]);
    assert.ok(keys.verifying(old) !== undefined);
    assert.equal(removals, 0);
    now += 1;
    await keys.refresh();
    assert.deepEqual(kidsOf(keys), [kid]);
    assert.equal(keys.verifying(old), undefined);
    assert.equal(keys.signing().kid, kid);
    assert.equal(removals, 1);
    assert.equal((await open()).verifying(old), undefined);
  });

  test('removes for good those that have ended, and no others', async () => {
    await open();
    const [first] = store.kept;
    const second = await rotate();
    now = second.signsAt + verifiesMs;
    const third = await rotate();
    assert.deepEqual(third.removed, [first?.kid]);
    assert.deepEqual(
      store.kept.map(({ kid }) => kid),
      [second.kid, third.kid],
    );
  });

  test('is the newest also where its clock is behind the one of the last', async () => {
    const keys = await open();
    now -= 3000;
    const rotated = await rotate();
    assert.equal(rotated.signsAt, someDay + 1 + 10_000);
    await keys.refresh();
    now = rotated.signsAt;
    assert.equal(keys.signing().kid, rotated.kid);
  });

  test('with which the others are dropped signs at once, and they end with every token that they signed', async () => {
    const keys = await open();
    const old = keys.signing().kid;
    const shown = await rotate();
    const only = await rotate(true);
    assert.deepEqual(only, { kid: only.kid, signsAt: now, removed: [old, shown.kid] });
    await keys.refresh();
    assert.equal(removals, 1);
    assert.equal(keys.signing().kid, only.kid);
    assert.deepEqual(kidsOf(keys), [only.kid]);
    for (const kid of [old, shown.kid]) assert.equal(keys.verifying(kid), undefined);
  });

  test('is made also where there is none before it', async () => {
    const { kid } = await rotate();
    assert.equal((await open()).signing().kid, kid);
  });

  test('tells what each key is good for', async () => {
    await open();
    assert.deepEqual(await states(), ['signs']);
    const { signsAt } = await rotate();
    assert.deepEqual(await states(), ['signs', 'shown']);
    now = signsAt;
    assert.deepEqual(await states(), ['verifies', 'signs']);
    now = signsAt + verifiesMs - 1;
    assert.deepEqual(await states(), ['verifies', 'signs']);
    now += 1;
    assert.deepEqual(await states(), ['ended', 'signs']);
    const [, created] = await keyStates(store, now);
    assert.equal(created?.createdAt, someDay + 1);
    assert.deepEqual(await keyStates(keysInMemory(), now), []);
  });
});

describe('a reading of the keys', () => {
  test('that fails leaves those that were read for a few seconds, and then it is not known which there are', async () => {
    const keys = await open();
    const { kid } = keys.signing();
    const failing = mock.method(store, 'load', () => Promise.reject(new Error('no store')));
    passedMs += 4999;
    await assert.rejects(keys.refresh());
    assert.equal(keys.signing().kid, kid);
    assert.ok(keys.verifying(kid) !== undefined);
    assert.equal(removals, 0);
    passedMs += 1;
    await assert.rejects(keys.refresh());
    assert.equal(removals, 1);
    await assert.rejects(keys.requireRead(), { code: 'rights_unverified' });
    failing.mock.restore();
    await keys.requireRead();
    assert.equal(keys.signing().kid, kid);
  });

  test('is made before a key is used where the last is more than a few seconds ago', async () => {
    const keys = await open();
    const load = mock.method(store, 'load');
    passedMs += 4999;
    await keys.requireRead();
    assert.equal(load.mock.callCount(), 0);
    passedMs += 1;
    await keys.requireRead();
    assert.equal(load.mock.callCount(), 1);
  });

  test('is one at a time: what began earlier never replaces what began later', async () => {
    const keys = await open();
    const load = mock.method(store, 'load');
    await Promise.all([keys.refresh(), keys.refresh(), keys.refresh()]);
    assert.equal(load.mock.callCount(), 1);
  });

  test('is as old as its beginning', async () => {
    const keys = await open();
    const loaded = await store.load();
    const answer = Promise.withResolvers<void>();
    mock.method(store, 'load', async () => {
      await answer.promise;
      return loaded;
    });
    const refreshing = keys.refresh();
    passedMs += 5000;
    answer.resolve();
    await refreshing;
    const failing = mock.method(store, 'load', () => Promise.reject(new Error('no store')));
    await assert.rejects(keys.requireRead(), { code: 'rights_unverified' });
    failing.mock.restore();
  });

  test('that finds no key at all leaves nothing to sign with, and nothing that verifies', async () => {
    const keys = await open();
    const { kid } = keys.signing();
    await store.remove(kid);
    await keys.refresh();
    assert.equal(removals, 1);
    assert.equal(keys.verifying(kid), undefined);
    assert.throws(() => keys.signing());
  });
});
