import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { keyFolder } from '../store/sqlite/keyFolder.ts';
import { loadSigningKeys } from './keys.ts';

const root = mkdtempSync(join(tmpdir(), 'seatledger-keys-'));
after(() => rmSync(root, { recursive: true }));

const someDay = Date.UTC(2026, 0, 31);
const folderNamed = (name: string) => join(root, name);
const load = (folder: string, now = someDay) => loadSigningKeys(keyFolder(folder), { now: () => now });

describe('the signing key', () => {
  test('is made once and is the same after every restart', async () => {
    const folder = folderNamed('once');
    const made = await load(folder);
    const again = await load(folder, someDay + 86_400_000);
    assert.equal(again.current.kid, made.current.kid);
    assert.deepEqual(again.publicJwks, made.publicJwks);
    assert.equal(readdirSync(folder).length, 1);
  });

  test('is of 2048 bits, and named by its RFC 7638 thumbprint', async () => {
    const { current, publicJwks } = await load(folderNamed('form'));
    const [jwk] = publicJwks;
    assert.ok(jwk !== undefined && publicJwks.length === 1);
    assert.equal(Buffer.from(String(jwk.n), 'base64url').length, 256);
    assert.equal(current.kid, await calculateJwkThumbprint(jwk));
  });

  test('is published with the members of a public key alone', async () => {
    const { publicJwks } = await load(folderNamed('public'));
    assert.deepEqual(
      publicJwks.map((jwk) => Object.keys(jwk)),
      [['kty', 'n', 'e', 'kid', 'use', 'alg']],
    );
  });

  test('that was half written is ignored, and a whole one is made', async () => {
    const folder = folderNamed('half');
    const { current } = await load(folder);
    const [name] = readdirSync(folder);
    assert.ok(name !== undefined);
    const text = readFileSync(join(folder, name), 'utf8');
    rmSync(join(folder, name));
    writeFileSync(join(folder, `${name}.part`), text.slice(0, 100));

    const anew = await load(folder);
    assert.notEqual(anew.current.kid, current.kid);
    assert.deepEqual([...anew.publicKeys.keys()], [anew.current.kid]);
    assert.equal((await load(folder)).current.kid, anew.current.kid);
  });

  test('that is whole but cannot be read stops the start instead of being replaced', async () => {
    const folder = folderNamed('broken');
    const { current } = await load(folder);
    const path = join(folder, `${current.kid}.json`);
    writeFileSync(path, '{');
    await assert.rejects(load(folder));
    assert.deepEqual(readdirSync(folder), [`${current.kid}.json`]);
  });

  test('that is the newest signs, and the older ones still verify', async () => {
    const folder = folderNamed('two');
    const older = await load(folder);
    // Kept as another process would keep it: made in a folder of its own, then moved here.
    const newer = await load(folderNamed('newer'), someDay + 1);
    const file = `${newer.current.kid}.json`;
    writeFileSync(join(folder, file), readFileSync(join(folderNamed('newer'), file)));

    const both = await load(folder);
    assert.equal(both.current.kid, newer.current.kid);
    assert.deepEqual([...both.publicKeys.keys()], [older.current.kid, newer.current.kid]);
    assert.equal(both.publicJwks.length, 2);
  });
});
