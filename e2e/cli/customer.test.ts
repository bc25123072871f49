import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveForFile } from '../product.ts';
import { commandsIn } from './answers.ts';

const environment = await serveForFile(['seatledger.write', 'seatledger.read']);
const { run, answer, refusal } = commandsIn(environment);

test('before there is anything, lists say so and are empty to machines', async () => {
  const customers = await run(['customer', 'list']);
  assert.deepEqual(customers, {
    exitCode: 0,
    stdout: '',
    stderr: 'There is no customer that the app sees.\n',
  });
  assert.deepEqual(await answer(['group', 'list']), []);
});

test('a customer is created, shown, changed and listed, and the record has the reason', async () => {
  const facts = [
    '--organization',
    '=Contoso',
    '--owner-email',
    'o@contoso.example',
    '--country',
    'Österreich',
  ];
  const created = await answer(['customer', 'create', 'Contoso', ...facts, '--reason', 'Größe: 100 %']);
  assert.deepEqual([created.customerId, created.organization], ['contoso', '=Contoso']);
  const shown = await run(['customer', 'show', 'contoso']);
  assert.match(
    shown.stdout,
    /^customer {11}contoso\norganization {7}=Contoso\nowner {14}o@contoso\.example\n/,
  );
  const changed = await answer([
    'customer',
    'change',
    'contoso',
    '--job-status',
    '1',
    '--management-mode',
    '1',
  ]);
  assert.deepEqual(
    [changed.jobStatus, changed.managementMode, changed.ownerEmail],
    [1, 1, 'o@contoso.example'],
  );
  const csv = await run(['customer', 'list', '--format', 'csv']);
  assert.match(csv.stdout, /\ncontoso,'=Contoso,o@contoso\.example,Österreich,1,1,\[\],\d+\n/);
  const events = await answer(['events', 'list']);
  const creation = events.find(({ kind }: { kind: string }) => kind === 'customer.created');
  assert.equal(creation.reason, 'Größe: 100 %');
});

test('a customer without an id gets one', async () => {
  const { stdout } = await run(['customer', 'create', '--organization', 'Fabrikam']);
  assert.match(stdout, /^customer {11}[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\n/);
});

test('a write with the key of one before is not done twice', async () => {
  const create = ['customer', 'create', '--organization', 'Once', '--idempotency-key', 'once-1'];
  const [first, second] = [await answer(create), await answer(create)];
  assert.equal(first.customerId, second.customerId);
});

test('a change names its version where it is told to, and one of an older version is refused', async () => {
  const { changedSequence } = await answer(['customer', 'create', 'versions', '--organization', 'x']);
  const change = ['customer', 'change', 'versions', '--country', 'Norway', '--if-match'];
  await answer([...change, String(changedSequence)]);
  const refused = await refusal([...change, String(changedSequence)]);
  assert.deepEqual([refused.exitCode, refused.code], [1, 'version_changed']);
  assert.ok(refused.remedy.includes('--if-match'));
});

test('tenants are set on their customer and removed from it', async () => {
  const seats = ['--available-seats', '5', '--assigned-seats', '20'];
  const set = ['tenant', 'set', 'contoso', 'T1.example', '--type', '0', '--name', 'One', ...seats];
  assert.match((await run(set)).stdout, /\nT1\.example +0 +One +5 +20\n$/);
  const { tenants } = await answer(['tenant', 'remove', 'contoso', 'T1.example']);
  assert.deepEqual(tenants, []);
  const again = await refusal(['tenant', 'remove', 'contoso', 'T1.example']);
  assert.deepEqual([again.exitCode, again.code], [4, 'tenant_not_found']);
});

test('customers join a group and leave it, and a group is renamed and deleted', async () => {
  const { groupId } = await answer(['group', 'create', 'Retail']);
  const id = String(groupId);
  assert.equal((await run(['group', 'add', id, 'versions', 'Contoso'])).stdout, 'Joined 2, in already 0.\n');
  const members = await run(['group', 'customers', id, '--format', 'csv']);
  assert.equal(members.stdout, 'customerId\ncontoso\nversions\n');
  const left = await answer(['group', 'remove', id, 'versions', 'nobody']);
  assert.deepEqual(left, { changed: 1, unchanged: 1 });
  assert.equal((await answer(['group', 'rename', id, 'Shops'])).name, 'Shops');
  assert.match((await run(['group', 'list'])).stdout, /^GROUP {2}NAME\n +\d+ {2}Shops\n$/);
  assert.deepEqual(await answer(['group', 'delete', id]), { groupId });
  assert.equal((await refusal(['group', 'show', id])).exitCode, 4);
});

test('what is unknown, taken or wrong is told by its code', async () => {
  for (const [args, exitCode, code] of [
    [['customer', 'show', 'nobody'], 4, 'customer_not_found'],
    [['customer', 'change', 'nobody', '--country', 'x'], 4, 'customer_not_found'],
    [
      ['customer', 'create', 'contoso', '--organization', 'x', '--reason', 'y'.repeat(200)],
      1,
      'customer_exists',
    ],
    [
      ['customer', 'create', 'new', '--organization', 'x', '--reason', 'y'.repeat(201)],
      1,
      'parameter_invalid',
    ],
    [['customer', 'change', 'contoso'], 2, 'usage_wrong'],
  ] as const) {
    const refused = await refusal(args);
    assert.deepEqual([refused.exitCode, refused.code], [exitCode, code], args.join(' '));
  }
});
