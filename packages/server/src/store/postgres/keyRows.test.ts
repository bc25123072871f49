import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { after, before, beforeEach, describe, test } from 'node:test';
import { openKeyRing, rotateKeys } from '../../identity/index.ts';
import type { KeyStore, StoredKey } from '../../identity/ports.ts';
import { migratedDatabase } from '../../testing/engine.ts';
import { queryDatabase, type TestDatabase } from '../../testing/postgres.ts';
import { type OpenDatabase, openDatabase } from './database.ts';

const encryptionKey = randomBytes(32).toString('base64');
let database: TestDatabase;
const opened: OpenDatabase[] = [];
before(async () => {
  database = await migratedDatabase();
});
beforeEach(() => beside('delete from signing_keys'));
after(async () => {
  for (const each of opened) await each.close();
  await database.drop();
});

const beside = (text: string) => queryDatabase(database.url, text);

/** The keys as another process sees them. */
async function keysWith(key: string | undefined): Promise<KeyStore> {
  const each = await openDatabase(database.url, {
    encryptionKey: key,
    temporaryFolder: tmpdir(),
    newId: () => 'id',
    random: () => 0,
    now: 0,
  });
  opened.push(each);
  return each.keys;
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateJwk = { ...privateKey.export({ format: 'jwk' }) };
const keyNamed = (kid: string, createdAt = 1_770_000_000_000): StoredKey => ({ kid, createdAt, privateJwk });

describe('signing keys in a database', () => {
  test('are read by every process as they were kept', async () => {
    assert.deepEqual(await (await keysWith(encryptionKey)).load(), []);
    await (await keysWith(encryptionKey)).add(keyNamed('one'));
    assert.deepEqual(await (await keysWith(encryptionKey)).load(), [keyNamed('one')]);
  });

  test('are one key, however many processes make the first at once', async () => {
    const processes = await Promise.all(Array.from({ length: 3 }, () => keysWith(encryptionKey)));
    await Promise.all(processes.map((keys, index) => keys.saveFirst(keyNamed(`key-${index}`))));
    const seen = await Promise.all(processes.map((keys) => keys.load()));
    for (const keys of seen) {
      assert.equal(keys.length, 1);
      assert.deepEqual(keys, seen[0]);
    }
  });

  test('are not made first where there is one already', async () => {
    const keys = await keysWith(encryptionKey);
    await keys.add(keyNamed('one'));
    await keys.saveFirst(keyNamed('two'));
    assert.deepEqual(await keys.load(), [keyNamed('one')]);
  });

  test('are added by any process, and read by the others, the oldest first', async () => {
    const [one, other] = [await keysWith(encryptionKey), await keysWith(encryptionKey)];
    const kept = [keyNamed('c', 1), keyNamed('a', 2), keyNamed('b', 2)];
    await other.add(keyNamed('b', 2));
    await one.add(keyNamed('c', 1));
    await one.add(keyNamed('a', 2));
    for (const keys of [one, other]) assert.deepEqual(await keys.load(), kept);
  });

  test('are gone for good where one process removes them', async () => {
    const [one, other] = [await keysWith(encryptionKey), await keysWith(encryptionKey)];
    for (const kid of ['one', 'two']) await one.add(keyNamed(kid));
    await other.remove('one');
    await other.remove('one');
    await other.remove('never there');
    assert.deepEqual(await one.load(), [keyNamed('two')]);
    assert.deepEqual(await beside('select kid from signing_keys'), [{ kid: 'two' }]);
  });

  test('take over from another in every process that reads them again', async () => {
    let now = 1_770_000_000_000;
    const opening = { clock: { now: () => now }, monotonicMs: () => now, onRemoval: () => undefined };
    const [one, other] = [await keysWith(encryptionKey), await keysWith(encryptionKey)];
    const rings = [await openKeyRing(one, opening), await openKeyRing(other, opening)];
    const first = rings.map((ring) => ring.signing().kid);
    assert.equal(first[0], first[1]);
    const { kid, signsAt } = await rotateKeys(one, { now: now + 1, dropOthers: false });
    for (const ring of rings) await ring.refresh();
    assert.deepEqual(
      rings.map((ring) => ring.signing().kid),
      first,
    );
    now = signsAt;
    for (const ring of rings) await ring.refresh();
    assert.deepEqual(
      rings.map((ring) => ring.signing().kid),
      [kid, kid],
    );
    for (const ring of rings) assert.ok(ring.verifying(first[0] ?? '') !== undefined);
  });

  test('hold nothing that can be read without the encryption key', async () => {
    await (await keysWith(encryptionKey)).add(keyNamed('one'));
    const [row] = await beside('select encrypted from signing_keys');
    const bytes = Buffer.from(String(row?.['encrypted']), 'base64').toString('latin1');
    for (const part of ['RSA', String(privateJwk['d']).slice(0, 8), String(privateJwk['n']).slice(0, 8)]) {
      assert.ok(!bytes.includes(part));
    }
  });

  test('are refused where they were encrypted with another key', async () => {
    await (await keysWith(encryptionKey)).add(keyNamed('one'));
    const other = await keysWith(randomBytes(32).toString('base64'));
    await assert.rejects(other.load(), { code: 'encryption_key_wrong' });
  });

  test('are refused where a row was altered or passed off as another', async () => {
    const keys = await keysWith(encryptionKey);
    await keys.add(keyNamed('one'));
    const [row] = await beside('select encrypted from signing_keys');
    const altered = Buffer.from(String(row?.['encrypted']), 'base64');
    altered.writeUInt8(altered.readUInt8(40) ^ 1, 40);
    for (const change of [
      "set kid = 'other'",
      `set kid = 'one', encrypted = '${altered.toString('base64')}'`,
      "set encrypted = ''",
    ]) {
      await beside(`update signing_keys ${change}`);
      await assert.rejects(keys.load(), { code: 'encryption_key_wrong' }, change);
    }
  });

  test('need a key of 32 bytes in base64', async () => {
    const missing = await keysWith(undefined);
    await assert.rejects(missing.load(), { code: 'encryption_key_missing' });
    for (const keep of ['add', 'saveFirst'] as const)
      await assert.rejects(missing[keep](keyNamed('one')), { code: 'encryption_key_missing' });
    assert.deepEqual(await beside('select kid from signing_keys'), []);
    for (const wrong of [
      'x',
      randomBytes(31).toString('base64'),
      randomBytes(33).toString('base64'),
      randomBytes(32).toString('hex'),
      `${encryptionKey}!`,
    ]) {
      const keys = await keysWith(wrong);
      await assert.rejects(keys.load(), (error) => {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'encryption_key_wrong');
        assert.ok(wrong.length === 1 || !error.message.includes(wrong));
        return true;
      });
    }
  });
});
