import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { asApp, createApp, seatledger, startProduct, temporaryFolder } from '../product.ts';

const folder = await temporaryFolder();
const admin = await createApp(folder.path, [
  'seatledger.admin',
  'seatledger.read',
  'elements.license.read.all',
]);
const reader = await createApp(folder.path, ['seatledger.read']);
const product = await startProduct(folder.path);
after(async () => {
  await product.stop();
  await folder[Symbol.asyncDispose]();
});
const environment = asApp(product, admin);

test('an app is created, listed without its secret, used and deleted over HTTP', async () => {
  const create = [
    'app',
    'create',
    '--name',
    'billing',
    '--permission',
    'seatledger.read',
    '--secret-years',
    '2',
    '--json',
  ];
  const created = JSON.parse((await seatledger(create, { environment })).stdout);
  assert.deepEqual(
    [created.name, created.permissions, created.customers],
    ['billing', ['seatledger.read'], 'all'],
  );
  assert.ok((await product.token(created)).length > 0);

  const list = await seatledger(['app', 'list', '--json'], { environment });
  const names = JSON.parse(list.stdout).map(({ name }: { name: string }) => name);
  assert.ok(names.includes('billing'));
  assert.ok(!list.stdout.includes(created.clientSecret));

  const deletion = ['app', 'delete', created.clientId];
  assert.equal((await seatledger(deletion, { environment })).exitCode, 0);
  const again = await seatledger(deletion, { environment });
  assert.deepEqual([again.exitCode, again.stdout], [4, '']);
  const late = await seatledger(['seats', 'list'], { environment: asApp(product, created) });
  assert.equal(late.exitCode, 3);
});

test('the id and the secret are on stdout and the talk is on stderr', async () => {
  const create = ['app', 'create', '--name', 'talk', '--permission', 'seatledger.read'];
  const { stdout, stderr } = await seatledger(create, { environment });
  const [, secret] = /^application id {2}[\da-f-]{36}\nsecret {10}(sls_\S+)\n$/.exec(stdout) ?? [];
  assert.ok(secret !== undefined && !stderr.includes(secret));
});

test('several permissions are given in one option or in several', async () => {
  const create = ['app', 'create', '--json', '--name', 'several', '--permission', 'seatledger.read'];
  for (const more of [['elements.license.read.all'], ['--permission', 'elements.license.read.all']]) {
    const { stdout } = await seatledger([...create, ...more], { environment });
    assert.deepEqual(JSON.parse(stdout).permissions.toSorted(), [
      'elements.license.read.all',
      'seatledger.read',
    ]);
  }
});

test('what an app may not do ends with 3, and the reason is told apart', async () => {
  const wrongSecret = { ...environment, SEATLEDGER_CLIENT_SECRET: 'sls_wrong' };
  const give = ['app', 'create', '--name', 'more', '--permission', 'seatledger.write'];
  const cases = [
    { args: ['app', 'list'], environment: wrongSecret, code: 'invalid_client' },
    { args: ['app', 'list'], environment: asApp(product, reader), code: 'invalid_scope' },
    { args: give, environment, code: 'invalid_scope' },
  ];
  for (const { args, environment: given, code } of cases) {
    const { exitCode, stdout, stderr } = await seatledger([...args, '--json'], { environment: given });
    assert.deepEqual([exitCode, stdout, JSON.parse(stderr).code], [3, '', code]);
    assert.ok(!stderr.includes('sls_'));
  }
});

test('the secret is read from a file or from stdin', async () => {
  await using other = await temporaryFolder();
  const file = join(other.path, 'secret');
  await writeFile(file, `${admin.clientSecret}\n`);
  const args = [
    'app',
    'list',
    '--server',
    product.url,
    '--client-id',
    admin.clientId,
    '--client-secret-file',
  ];
  assert.equal((await seatledger([...args, file])).exitCode, 0);
  assert.equal((await seatledger([...args, '-'], { input: admin.clientSecret })).exitCode, 0);
});

test('on the folder of a stopped server apps are kept by partner', async () => {
  await using other = await temporaryFolder();
  const data = ['--data', other.path];
  const run = (...args: readonly string[]) => seatledger([...args, ...data, '--json']);
  const create = ['app', 'create', '--name', 'x', '--permission', 'seatledger.read'];

  const { clientId } = JSON.parse((await run(...create)).stdout);
  assert.equal((await run('partner', 'create', 'northwind')).exitCode, 0);
  const partners: { name: string }[] = JSON.parse((await run('partner', 'list')).stdout);
  assert.deepEqual(partners.map(({ name }) => name).toSorted(), ['default', 'northwind']);

  for (const [args, exitCode, code] of [
    [['partner', 'create', 'northwind'], 1, 'partner_exists'],
    [create, 1, 'partner_ambiguous'],
    [['app', 'list', '--partner', 'nobody'], 4, 'partner_not_found'],
    [['app', 'delete', clientId, '--partner', 'northwind'], 4, 'app_not_found'],
  ] as const) {
    const refused = await run(...args);
    assert.deepEqual([refused.exitCode, JSON.parse(refused.stderr).code], [exitCode, code]);
  }

  assert.equal((await run('app', 'delete', clientId, '--partner', 'default')).exitCode, 0);
  assert.deepEqual(JSON.parse((await run('app', 'list', '--partner', 'default')).stdout), []);
});

test('the folder of a running server is not worked on', async () => {
  const { exitCode, stderr } = await seatledger(['app', 'list', '--data', folder.path, '--json']);
  assert.deepEqual([exitCode, JSON.parse(stderr).code], [1, 'data_folder_in_use']);
});
