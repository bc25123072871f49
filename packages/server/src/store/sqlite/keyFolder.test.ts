import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { keyStates, openKeyRing, rotateKeys } from '../../identity/index.ts';
import type { StoredKey } from '../../identity/ports.ts';
import { someDay } from '../../testing/store.ts';
import { keyFolder } from './keyFolder.ts';

const root = mkdtempSync(join(tmpdir(), 'seatledger-keys-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
let folder: string;
beforeEach(() => {
  folder = join(root, `keys ${++folders}`);
});

const keyNamed = (kid: string, createdAt = someDay): StoredKey => ({
  kid,
  createdAt,
  privateJwk: { kty: 'RSA' },
});
const open = (now = someDay) =>
  openKeyRing(keyFolder(folder), {
    clock: { now: () => now },
    monotonicMs: () => 0,
    onRemoval: () => undefined,
  });
const kidsIn = async () => (await keyFolder(folder).load()).map(({ kid }) => kid);
const files = () => readdirSync(folder).toSorted();
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the keys of a folder', () => {
  test('are read as they were kept, the oldest first, and those of one instant in one order', async () => {
    const kept = [keyNamed('c', 1), keyNamed('d', 2), keyNamed('a', 3), keyNamed('b', 3)];
    const keys = keyFolder(folder);
    for (const key of kept.toReversed()) await keys.add(key);
    assert.deepEqual(await keys.load(), kept);
    assert.deepEqual(await keyFolder(folder).load(), kept);
  });

  test('are none where there is no folder, and none is made to look for them', async () => {
    const keys = keyFolder(folder);
    assert.deepEqual(await keys.load(), []);
    await keys.remove('a');
    assert.equal(existsSync(folder), false);
  });

  for (const keep of ['add', 'saveFirst'] as const) {
    test(`are files for their owner alone, in a folder that is, made by ${keep}`, async () => {
      const before = process.umask(0);
      try {
        await keyFolder(folder)[keep](keyNamed('a'));
      } finally {
        process.umask(before);
      }
      assert.deepEqual(files(), ['a.json']);
      assert.deepEqual([modeOf(folder), modeOf(join(folder, 'a.json'))], [0o700, 0o600]);
    });
  }

  test('are gone for good where they are removed, and the others stay', async () => {
    const keys = keyFolder(folder);
    for (const kid of ['a', 'b']) await keys.add(keyNamed(kid));
    await keys.remove('a');
    await keys.remove('a');
    await keys.remove('never there');
    assert.deepEqual(files(), ['b.json']);
    assert.deepEqual(await kidsIn(), ['b']);
  });

  test('are read without the one that is removed after the folder was looked at', async () => {
    const keys = keyFolder(folder);
    for (const kid of ['a', 'b']) await keys.add(keyNamed(kid));
    // A name in the folder with nothing behind it, as it is for a moment.
    symlinkSync(join(folder, 'nothing'), join(folder, 'c.json'));
    assert.deepEqual(await kidsIn(), ['a', 'b']);
  });
});

describe('the signing key of a data folder', () => {
  test('is made once and is the same after every restart', async () => {
    const made = await open();
    const again = await open(someDay + 86_400_000);
    assert.equal(again.signing().kid, made.signing().kid);
    assert.deepEqual(again.publicJwks(), made.publicJwks());
    assert.deepEqual(files(), [`${made.signing().kid}.json`]);
  });

  test('that was half written is ignored, and a whole one is made', async () => {
    const { kid } = (await open()).signing();
    const path = join(folder, `${kid}.json`);
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    writeFileSync(`${path}.part`, text.slice(0, 100));

    const anew = await open();
    assert.notEqual(anew.signing().kid, kid);
    assert.deepEqual(
      anew.publicJwks().map((jwk) => jwk.kid),
      [anew.signing().kid],
    );
    assert.equal((await open()).signing().kid, anew.signing().kid);
  });

  test('that is whole but cannot be read stops the start instead of being replaced', async () => {
    const { kid } = (await open()).signing();
    writeFileSync(join(folder, `${kid}.json`), '{');
    await assert.rejects(open(), { code: 'signing_key_unreadable' });
    assert.deepEqual(files(), [`${kid}.json`]);
  });

  test('that is the newest signs once it was shown, and the older ones still verify', async () => {
    const older = (await open()).signing().kid;
    const { kid, signsAt } = await rotateKeys(keyFolder(folder), { now: someDay + 1000, dropOthers: false });
    const both = await open(signsAt);
    assert.equal(both.signing().kid, kid);
    for (const verifying of [older, kid]) assert.ok(both.verifying(verifying) !== undefined);
    assert.deepEqual(
      (await keyStates(keyFolder(folder), signsAt)).map(({ state }) => state),
      ['verifies', 'signs'],
    );
  });

  test('can be made before a server was ever started on the folder', async () => {
    const { kid } = await rotateKeys(keyFolder(folder), { now: someDay, dropOthers: false });
    assert.equal((await open()).signing().kid, kid);
  });

  test('is the only one where the others were dropped', async () => {
    await open();
    const { kid } = await rotateKeys(keyFolder(folder), { now: someDay, dropOthers: true });
    assert.deepEqual(files(), [`${kid}.json`]);
  });
});
