import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { serveForFile, seatledger, startCommand, temporaryFolder } from '../product.ts';

const files = await temporaryFolder();
after(() => files[Symbol.asyncDispose]());
const environment = await serveForFile(['seatledger.write', 'seatledger.read', 'elements.license.read.all']);

const header = 'customerId,productType,seats,source,externalId\n';

async function fileOf(name: string, content: string): Promise<string> {
  const path = join(files.path, name);
  await writeFile(path, content);
  return path;
}

async function importJson(args: readonly string[], input = '') {
  const { exitCode, stdout, stderr } = await seatledger(['import', '--json', ...args], {
    environment,
    input,
  });
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

test('a file is imported once however often it is imported', async () => {
  const file = await fileOf('once.csv', `${header}once,2048,25,once,once-1\nonce,opus,5,once,once-2\n`);
  const first = await importJson([file]);
  assert.deepEqual([first.lines, first.added, first.customersCreated], [2, 2, 1]);
  const second = await importJson([file]);
  assert.deepEqual([second.added, second.unchanged, second.sequence], [0, 2, first.sequence]);
});

test('the format follows the ending of the file, is CSV on stdin, or is the one that is said', async () => {
  const ndjson = '{"customerId":"endings","productType":2048,"seats":1,"externalId":"endings-1"}\n';
  const csv = `${header}endings,2048,1,,endings-1\n`;
  assert.equal((await importJson([await fileOf('a.NDJSON', ndjson)])).added, 1);
  assert.equal((await importJson([await fileOf('a.jsonl', ndjson)])).unchanged, 1);
  assert.equal((await importJson(['-'], csv)).unchanged, 1);
  assert.equal((await importJson(['-', '--format', 'ndjson'], ndjson)).unchanged, 1);
  assert.equal((await importJson([await fileOf('a.txt', csv), '--format', 'csv'])).unchanged, 1);
});

test('a dry run says what would be done, and which lines would end, and does nothing', async () => {
  await importJson(['-'], `${header}dry,2048,10,dry,dry-1\ndry,opus,20,dry,dry-2\n`);
  const fewer = `${header}dry,2048,11,dry,dry-1\n`;
  const planned = await importJson(['-', '--dry-run', '--replace'], fewer);
  assert.deepEqual([planned.dryRun, planned.changed, planned.ended], [true, 1, 1]);
  const shown = await seatledger(['import', '-', '--dry-run', '--replace'], { environment, input: fewer });
  assert.match(shown.stdout, /^dry +Opus +OpusInformationLifecycle +20 +dry +dry-2$/m);
  const before = await seatledger(['seats', 'get', 'dry', '2048'], { environment });
  assert.equal(before.stdout, '10\n');

  const done = await importJson(['-', '--replace'], fewer);
  assert.deepEqual([done.dryRun, done.changed, done.ended], [false, 1, 1]);
  const afterwards = await seatledger(['seats', 'get', 'dry', 'opus'], { environment });
  assert.equal(afterwards.stdout, '0\n');
});

test('bad lines are named with their number and column, and nothing is imported', async () => {
  const input = `${header}bad,2048,25,,bad-1\nbad,2048,many,,bad-2\nbad,Excel,1,,bad-3\n`;
  const { exitCode, stdout, stderr } = await seatledger(['import', '-', '--json'], { environment, input });
  assert.deepEqual([exitCode, stdout], [1, '']);
  const { code, errors } = JSON.parse(stderr);
  assert.equal(code, 'import_invalid');
  assert.deepEqual(
    errors.map(({ line, field, code: reason }: Record<string, unknown>) => [line, field, reason]),
    [
      [3, 'seats', 'seats_invalid'],
      [4, 'productType', 'product_type_unknown'],
    ],
  );
  assert.equal((await seatledger(['seats', 'get', 'bad', '2048'], { environment })).exitCode, 4);
});

test('a file that cannot be read fails before anything is sent', async () => {
  for (const name of [join(files.path, 'none.csv'), files.path]) {
    const { exitCode, stderr } = await seatledger(['import', name, '--format', 'csv', '--json'], {
      environment,
    });
    assert.deepEqual([exitCode, JSON.parse(stderr).code], [1, 'file_unreadable']);
  }
});

test('an import that is broken off changes nothing', async () => {
  const command = startCommand(['import', '-'], environment);
  command.process.stdin.write(`${header}broken,2048,25,,broken-1\n`);
  command.process.kill('SIGKILL');
  assert.equal((await command.ended).exitCode, null);
  assert.equal((await seatledger(['seats', 'get', 'broken', '2048'], { environment })).exitCode, 4);
});
