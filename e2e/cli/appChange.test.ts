import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { asApp, becomes, createApp, startProduct, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
const admin = await createApp(folder.path, ['seatledger.admin', 'seatledger.read', 'seatledger.write']);
const portal = await createApp(folder.path, ['seatledger.read', 'elements.license.read.all']);
const product = await startProduct(folder.path);
after(async () => {
  await product.stop();
  await folder[Symbol.asyncDispose]();
});
const { run, answer, refusal } = commandsIn(asApp(product, admin));
const id = portal.clientId;

const unknown = '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11';

test('an app is shown with its credentials, and changed in the version that is there', async () => {
  const shown = await run(['app', 'show', id]);
  assert.equal(shown.exitCode, 0, shown.stderr);
  assert.match(shown.stdout, new RegExp(`^application id  ${id}\n[^]*\ncustomers       all\n`));
  assert.match(
    shown.stdout,
    new RegExp(`\n\nCREDENTIAL .*\n[\\da-f-]{36}  secret +${portal.clientSecret.slice(-4)} `),
  );

  const change = ['app', 'change', id, '--name', 'portal', '--reason', 'order 4711'];
  // What the app holds and the one that asks does not is left to it.
  const permissions = ['elements.license.read.all', 'seatledger.write'];
  const changed = await answer([...change, '--permission', ...permissions]);
  assert.deepEqual(
    [changed.name, changed.permissions.toSorted(), changed.customers, changed.groups],
    ['portal', permissions, 'all', null],
  );

  const stale = await refusal(['app', 'change', id, '--name', 'late', '--if-match', '1']);
  assert.deepEqual([stale.exitCode, stale.code], [1, 'version_changed']);
  const given = await refusal(['app', 'change', id, '--permission', 'elements.jobs.read.all']);
  assert.deepEqual([given.exitCode, given.code], [3, 'invalid_scope']);
});

test('an app is given other customers by one that holds what it holds, and by no other', async () => {
  const { groupId } = await answer(['group', 'create', 'north']);
  const group = ['--group', String(groupId)];
  const refused = await refusal(['app', 'change', id, ...group]);
  assert.deepEqual([refused.exitCode, refused.code], [3, 'invalid_scope']);
  const { clientId } = await answer([
    'app',
    'create',
    '--name',
    'writer',
    '--permission',
    'seatledger.write',
  ]);
  const changed = await answer(['app', 'change', clientId, ...group]);
  assert.deepEqual([changed.customers, changed.groups], [null, [groupId]]);
  assert.match((await run(['app', 'list'])).stdout, new RegExp(`\n${clientId}  writer  1 group `));
});

test('a disabled app gets no token and its tokens are refused until it is enabled', async () => {
  const reader = await answer(['app', 'create', '--name', 'reader', '--permission', 'seatledger.read']);
  const token = await product.token(reader);
  const seats = () => product.statusFor(token);
  const gets = () => product.givesToken(reader);
  assert.equal(await seats(), 200);
  const disabled = await run(['app', 'disable', reader.clientId]);
  assert.deepEqual([disabled.exitCode, disabled.stdout], [0, ''], disabled.stderr);
  assert.match(disabled.stderr, /disabled/);
  await becomes(seats, 401);
  await becomes(gets, false);
  assert.equal((await answer(['app', 'enable', reader.clientId])).disabled, false);
  await becomes(seats, 200);
  await becomes(gets, true);
});

test('an app that is not there ends with 4', async () => {
  for (const args of [
    ['show', unknown],
    ['disable', unknown],
    ['credential', 'remove', id, unknown],
  ])
    assert.equal((await refusal(['app', ...args])).exitCode, 4, args.join(' '));
});
