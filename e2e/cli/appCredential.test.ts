import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type App, asApp, becomes, createApp, startProduct, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
const work = await temporaryFolder();
const admin = await createApp(folder.path, ['seatledger.admin', 'seatledger.read']);
const product = await startProduct(folder.path);
after(async () => {
  await product.stop();
  await folder[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});
const { run, answer, refusal } = commandsIn(asApp(product, admin));

const file = (name: string) => join(work.path, name);
const usage = ['-addext', 'keyUsage=digitalSignature', '-subj', '/CN=portal', '-days', '30'];
const files = ['-keyout', 'key.pem', '-out', 'portal.pem'];
openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...usage, ...files);
openssl('x509', '-in', 'portal.pem', '-outform', 'der', '-out', 'portal.cer');

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: work.path, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

const create = ['app', 'create', '--name', 'x', '--permission', 'seatledger.read'];
const thumbprint = /^certificate +[\dA-F]{40}$/m;

test('a secret is changed without a gap: the old one works until it is removed', async () => {
  const old: App & { credentials: { id: string }[] } = await answer(create);
  const id = old.clientId;
  const token = await product.token(old);
  const added = await answer(['app', 'credential', 'add', id, '--secret-years', '2']);
  const fresh = { clientId: id, clientSecret: added.clientSecret };
  assert.equal(await product.givesToken(fresh), true);
  assert.equal(await product.statusFor(token), 200);

  const listed = await run(['app', 'credential', 'list', id]);
  for (const { clientSecret } of [old, fresh])
    assert.ok(listed.stdout.includes(` ${clientSecret.slice(-4)} `) && !listed.stdout.includes(clientSecret));

  const remove = ['app', 'credential', 'remove', id, old.credentials[0]?.id ?? ''];
  const removed = await run([...remove, '--reason', 'its year is over']);
  assert.deepEqual([removed.exitCode, removed.stdout], [0, ''], removed.stderr);
  assert.match(removed.stderr, /removed/);
  await becomes(() => product.givesToken(old), false);
  await becomes(() => product.statusFor(token), 401);
  assert.equal(await product.givesToken(fresh), true);
});

test('an app with a certificate alone has no secret, which is said, and gets one when it is asked for', async () => {
  const { exitCode, stdout, stderr } = await run([...create, '--certificate', file('portal.pem')]);
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, thumbprint);
  assert.doesNotMatch(stdout, /^secret/m);
  assert.match(stderr, /No secret was made/);

  const both = await answer([...create, '--certificate', file('portal.cer'), '--secret-years', '3']);
  assert.ok(both.clientSecret.startsWith('sls_'));
  const kinds = both.credentials.map(({ kind }: { kind: string }) => kind).toSorted();
  assert.deepEqual(kinds, ['certificate', 'secret']);
  const add = ['app', 'credential', 'add', both.clientId];
  const again = await refusal([...add, '--certificate', file('portal.pem')]);
  assert.deepEqual([again.exitCode, again.errors[0].code], [1, 'certificate_twice']);
});

test('a private key is refused before anybody is asked', async () => {
  const nobody = commandsIn({ ...asApp(product, admin), SEATLEDGER_SERVER: 'http://127.0.0.1:1' });
  const refused = await nobody.refusal([...create, '--certificate', file('portal.pem'), file('key.pem')]);
  assert.deepEqual([refused.exitCode, refused.code], [1, 'private_key_given']);
});

test('on the folder of a stopped server an app is shown, changed, disabled, enabled and given credentials', async () => {
  const place = ['--data', file('data')];
  const stored = commandsIn({});
  const { clientId } = await stored.answer([...create, ...place]);
  const app = (...args: readonly string[]) => stored.answer(['app', ...args, ...place]);

  const { customers, name } = await app('change', clientId, '--name', 'y', '--all-customers');
  assert.deepEqual([customers, name], ['all', 'y']);
  assert.equal((await app('disable', clientId)).disabled, true);
  assert.equal((await app('enable', clientId)).disabled, false);
  const add = ['app', 'credential', 'add', clientId, '--certificate', file('portal.cer'), ...place];
  assert.match((await stored.run(add)).stdout, thumbprint);
  const { credentials } = await app('show', clientId);
  const [first, second] = credentials;
  for (const { id } of [first, second])
    assert.deepEqual(await app('credential', 'remove', clientId, id), { clientId, credentialId: id });
  const none = await stored.run(['app', 'credential', 'list', clientId, ...place]);
  assert.deepEqual([none.exitCode, none.stdout, none.stderr], [0, '', 'The app has no credential.\n']);
  const unknown = await stored.refusal(['app', 'credential', 'remove', clientId, first.id, ...place]);
  assert.deepEqual([unknown.exitCode, unknown.code], [4, 'credential_not_found']);
});
