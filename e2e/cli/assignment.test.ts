import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { commandFile, serveForFile, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

const files = await temporaryFolder();
after(() => files[Symbol.asyncDispose]());
const environment = await serveForFile(['seatledger.write', 'seatledger.read']);
const { run, answer, refusal } = commandsIn(environment);

await answer(
  ['import', '-'],
  'customerId,productType,seats\nholders,2048,3\nshort,2048,1\nmany,2048,2500\nerasure,2048,2\n',
);

const assign = (customer: string, ...users: readonly string[]) => [
  'assignment',
  'assign',
  customer,
  '2048',
  ...users,
];
const release = (customer: string, ...users: readonly string[]) => [
  'assignment',
  'release',
  customer,
  '2048',
  ...users,
];

async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(files.path, name);
  await writeFile(path, content);
  return path;
}

test('seats are assigned, listed and released, and who holds one keeps it', async () => {
  const customer = 'holders';
  assert.equal(
    (await run(['assignment', 'list', customer])).stderr,
    'No user of the customer holds a seat.\n',
  );
  const first = await run(assign(customer, 'Ada@x.example', 'bob@x.example'));
  assert.equal(first.stdout, 'Assigned 2, unchanged 0. Purchased 3, assigned 2, available 1.\n');
  const { changed, unchanged } = await answer(assign(customer, 'ada@x.example', 'cat@x.example'));
  assert.deepEqual([changed, unchanged], [1, 1]);
  const users = await answer(['assignment', 'list', customer]);
  assert.deepEqual(users.map(({ user }: { user: string }) => user).toSorted(), [
    'ada@x.example',
    'bob@x.example',
    'cat@x.example',
  ]);
  const released = await run(release(customer, 'ada@x.example', 'nobody@x.example'));
  assert.equal(released.stdout, 'Released 1, unchanged 1. Purchased 3, assigned 2, available 1.\n');
});

test('more than are available are refused with the numbers, and nobody is named', async () => {
  const customer = 'short';
  const people = await run(assign(customer, 'ada@x.example', 'bob@x.example'));
  assert.equal(people.exitCode, 1);
  assert.match(people.stderr, /\n {2}requested 2, purchased 1, assigned 0, available 1\n/);
  const machines = await refusal(assign(customer, 'ada@x.example', 'bob@x.example'));
  assert.equal(machines.code, 'seats_insufficient');
  assert.deepEqual(machines.numbers, { requested: 2, purchased: 1, assigned: 0, available: 1 });
  assert.ok(!(people.stderr + JSON.stringify(machines)).includes('@x.example'));
});

test('a file of users is sent in thousands, and what is wrong is told by its line', async () => {
  const customer = 'many';
  const names = Array.from({ length: 2400 }, (_, index) => `user-${index}@x.example`);
  const file = await fileOf('users.txt', `\uFEFF${names.join('\r\n')}\n\n  \n`);
  assert.equal((await answer([...assign(customer), '--file', file])).changed, 2400);
  const again = await answer([...release(customer), '--file', '-'], names.slice(0, 1100).join('\n'));
  assert.deepEqual([again.changed, again.seats.assigned], [1100, 1300]);

  const bad = [...names.slice(0, 1100), '', 'wrong\u0001user', 'last@x.example'].join('\n');
  const refused = await refusal([...assign(customer), '--file', '-'], bad);
  assert.equal(refused.code, 'body_invalid');
  assert.deepEqual(
    refused.errors.map((error: Record<string, unknown>) => [error['line'], error['code']]),
    [[1102, 'user_invalid']],
  );
  assert.match(refused.message, /The 1000 users before are done\.$/);
  assert.ok(!JSON.stringify(refused).includes('wrong'));
  assert.equal((await answer(['seats', 'show', customer, '2048'])).assigned, 2300);
});

test('a file that is not there, is no text or names nobody is refused', async () => {
  const latin = await fileOf('latin.txt', Buffer.from('jos\u00e9@x.example\n', 'latin1'));
  for (const [file, code, exitCode] of [
    [join(files.path, 'none'), 'file_unreadable', 1],
    [latin, 'file_unreadable', 1],
    [await fileOf('empty.txt', '\n \n'), 'usage_wrong', 2],
  ] as const) {
    const refused = await refusal([...assign('holders'), '--file', file]);
    assert.deepEqual([refused.code, refused.exitCode], [code, exitCode], file);
  }
});

test('a user is erased only where that is meant, and the seat is released by the id that is left', async () => {
  const customer = 'erasure';
  await answer(assign(customer, 'ada@x.example'));
  const erase = ['assignment', 'erase', customer, 'ada@x.example'];
  const unasked = await refusal(erase);
  assert.deepEqual([unasked.exitCode, unasked.code], [2, 'usage_wrong']);
  assert.ok(!JSON.stringify(unasked).includes('ada@'));

  const { userId } = await answer([...erase, '--yes']);
  assert.match((await run(['assignment', 'list', customer])).stdout, new RegExp(`\\(erased\\) +${userId} `));
  assert.deepEqual((await answer(['assignment', 'list', customer]))[0].user, null);
  const again = await refusal([...erase, '--yes']);
  assert.deepEqual([again.exitCode, again.code], [4, 'user_not_found']);
  assert.ok(!JSON.stringify(again).includes('ada@'));
  assert.equal((await answer([...release(customer), '--user-id', userId])).changed, 1);
});

test('a reader that has seen enough of a list ends it quietly', async () => {
  const script = `"$0" "$1" assignment list many --json | head -n 2`;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script, process.execPath, commandFile], {
    encoding: 'utf8',
    env: { ...environment, PATH: process.env['PATH'] },
  });
  assert.deepEqual([status, stdout.split('\n').length, stderr], [0, 3, '']);
});
