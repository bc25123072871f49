import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { asApp, commandFile, createApp, seatledger, startProduct, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
const work = await temporaryFolder();
const permissions = ['seatledger.write', 'seatledger.read', 'elements.license.read.all'] as const;
const writer = await createApp(folder.path, permissions);
const product = await startProduct(folder.path);
after(async () => {
  await product.stop();
  await folder[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});
const asWriter = commandsIn(asApp(product, writer));
const { run, answer, refusal } = commandsIn({});

await asWriter.answer(['import', '-'], 'customerId,productType,seats\ncontoso,2048,25\nfabrikam,opus,5\n');
const noted: { sequence: number; hash: string } = await asWriter.answer(['events', 'head']);
await asWriter.answer(['assignment', 'assign', 'contoso', '2048', 'ada@x.example']);
const head: { sequence: number; hash: string } = await asWriter.answer(['events', 'head']);

const data = (path: string) => ['--data', path];
const file = join(work.path, 'whole.export');
const exported = await answer(['export', file, ...data(folder.path)]);

test('a store is verified beside its running server, with the head that was noted before', async () => {
  const plain = await run(['verify', ...data(folder.path)]);
  assert.equal(plain.exitCode, 0, plain.stderr);
  assert.match(plain.stdout, new RegExp(`\ndefault +${head.sequence} {2}${head.hash} {2}holds\n$`));
  const [found] = await answer(['verify', '--head', noted.hash.toUpperCase(), ...data(folder.path)]);
  const { sequence, hash } = head;
  assert.deepEqual(found, {
    partner: 'default',
    holds: true,
    broken: null,
    head: { sequence, hash },
    hasHead: true,
  });
});

test('a head that no record has is told apart from a broken record', async () => {
  const { exitCode, stdout, stderr } = await run([
    'verify',
    '--json',
    '--head',
    'a'.repeat(64),
    ...data(folder.path),
  ]);
  assert.deepEqual([exitCode, JSON.parse(stderr).code], [1, 'head_not_found']);
  assert.deepEqual([JSON.parse(stdout)[0].holds, JSON.parse(stdout)[0].hasHead], [true, false]);
});

test('an export holds the heads, is readable for its owner alone, and does not replace a file unasked', async () => {
  const { sequence, hash } = head;
  assert.deepEqual(exported.heads, [{ partner: 'default', sequence, hash }]);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const refused = await refusal(['export', file, ...data(folder.path)]);
  assert.deepEqual([refused.exitCode, refused.code], [1, 'file_exists']);
  const forced = await run(['export', file, '--force', ...data(folder.path)]);
  assert.equal(forced.exitCode, 0, forced.stderr);
  assert.match(forced.stdout, new RegExp(`^Exported ${exported.rows} rows\\.\n[^]*${hash}\n$`));
  assert.deepEqual(
    (await readdir(work.path)).filter((name) => name.includes('.part')),
    [],
  );
});

test('an export to stdout is the file and nothing else, and a reader that leaves ends it quietly', async () => {
  const { exitCode, stdout, stderr } = await run(['export', '-', ...data(folder.path)]);
  assert.equal(exitCode, 0, stderr);
  assert.equal(stdout, await readFile(file, 'utf8'));
  assert.match(stderr, /^Exported \d+ rows\./);
  const script = `"$0" "$1" export - --data "$2" 2>/dev/null | head -c 10`;
  const cut = spawnSync('sh', ['-c', script, process.execPath, commandFile, folder.path], {
    encoding: 'utf8',
  });
  assert.deepEqual([cut.status, cut.stdout.length, cut.stderr], [0, 10, '']);
});

test('an export fills a new folder, which verifies with the same head and serves the same', async () => {
  const copy = join(work.path, 'copy');
  const imported = await answer(['import', file, ...data(copy)]);
  assert.deepEqual(imported, exported);
  const [found] = await answer(['verify', '--head', head.hash, ...data(copy)]);
  assert.deepEqual([found.holds, found.head.hash, found.hasHead], [true, head.hash, true]);
  assert.equal((await refusal(['import', file, ...data(copy)])).code, 'store_not_empty');

  await using served = await startProduct(copy);
  const seats = await seatledger(['seats', 'get', 'contoso', '2048'], { environment: asApp(served, writer) });
  assert.deepEqual([seats.exitCode, seats.stdout], [0, '24\n'], seats.stderr);
});

test('an export that is cut off or altered is refused, and nothing of it is kept', async () => {
  const text = await readFile(file, 'utf8');
  const target = join(work.path, 'target');
  const damaged = join(work.path, 'damaged.export');
  for (const damage of [
    text.slice(0, -100),
    text.slice(0, text.length / 2),
    text.replace('ada@x', 'eve@x'),
  ]) {
    await writeFile(damaged, damage);
    const refused = await refusal(['import', damaged, ...data(target)]);
    assert.deepEqual([refused.exitCode, refused.code], [1, 'export_damaged']);
  }
  assert.equal((await run(['import', file, ...data(target)])).exitCode, 0);
});

test('a store that was altered behind its record is found, and the table tells where', async () => {
  const altered = join(work.path, 'altered');
  await mkdir(altered);
  assert.equal((await run(['import', file, ...data(altered)])).exitCode, 0);
  const database = new DatabaseSync(join(altered, 'seatledger.db'));
  database.exec("update lines set seats = 26 where customer_id = 'contoso'");
  database.close();
  const people = await run(['verify', ...data(altered)]);
  assert.equal(people.exitCode, 1);
  assert.match(people.stdout, /\ndefault .* the row .* of lines is not what the record says\n$/);
  const machines = await run(['verify', '--json', '--head', head.hash, ...data(altered)]);
  assert.deepEqual([machines.exitCode, JSON.parse(machines.stderr).code], [1, 'record_broken']);
  assert.equal(JSON.parse(machines.stdout)[0].holds, false);
});

test('what keeps a store from being read, written or filled is told by its code', async () => {
  const none = join(work.path, 'none');
  const other = join(work.path, 'other');
  for (const [args, exitCode, code] of [
    [['verify', ...data(none)], 1, 'data_folder_missing'],
    [['export', join(none, 'file'), ...data(folder.path)], 1, 'file_unwritable'],
    [['import', none, ...data(other)], 1, 'file_unreadable'],
    [['import', file, ...data(folder.path)], 1, 'data_folder_in_use'],
  ] as const) {
    const refused = await refusal(args);
    assert.deepEqual([refused.exitCode, refused.code], [exitCode, code], args.join(' '));
  }
  const left = await readdir(work.path);
  for (const name of ['none', 'other', 'other.part']) assert.ok(!left.includes(name), name);
});
