import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { becomes, createApp, startProduct, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
const app = await createApp(folder.path, ['seatledger.read']);
const { run, answer, refusal } = commandsIn({});
const place = ['--data', folder.path];
const before = await run(['keys', 'list', ...place]);
const product = await startProduct(folder.path);
after(async () => {
  await product.stop();
  await folder[Symbol.asyncDispose]();
});

/** The ids of the keys that the server shows. */
async function keysShown(): Promise<string[]> {
  const response = await fetch(`${product.url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
}

test('a running server takes up a new key, and tokens from before stay good until they are dropped', async () => {
  const token = await product.token(app);
  const [first] = await keysShown();
  const rotated = await run(['keys', 'rotate', ...place]);
  assert.equal(rotated.exitCode, 0, rotated.stderr);
  const [, second = ''] =
    /^key +(\S+)\nsigns from +20\S+Z\nold keys removed +0\n$/.exec(rotated.stdout) ?? [];
  assert.match(rotated.stderr, /stay good/);
  await becomes(async () => new Set(await keysShown()), new Set([first ?? '', second]));
  assert.equal(await product.statusFor(token), 200);
  const listed: { kid: string }[] = await answer(['keys', 'list', ...place]);
  assert.deepEqual(
    listed.map(({ kid }) => kid),
    [first, second],
  );

  const third = await answer(['keys', 'rotate', '--drop-others', '--yes', ...place]);
  assert.deepEqual(new Set(third.removed), new Set([first, second]));
  await becomes(() => product.statusFor(token), 401);
  assert.equal(await product.statusFor(await product.token(app)), 200);
  assert.deepEqual(await keysShown(), [third.kid]);
});

test('a store without a key, and no store, are told', async () => {
  assert.deepEqual([before.exitCode, before.stdout], [0, '']);
  assert.match(before.stderr, /no signing key yet/);
  const none = await refusal(['keys', 'rotate', '--data', join(folder.path, 'none')]);
  assert.deepEqual([none.exitCode, none.code], [1, 'data_folder_missing']);
});
