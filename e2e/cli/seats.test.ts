import assert from 'node:assert/strict';
import { test } from 'node:test';
import { products } from '@seatledger/contract';
import { serveForFile, seatledger } from '../product.ts';

const environment = await serveForFile(['seatledger.write', 'seatledger.read', 'elements.license.read.all']);

/** More rows than a page of the operation holds. */
const customers = Array.from({ length: 50 }, (_, index) => `c${String(index).padStart(3, '0')}`);
const lines = customers.flatMap((customer, index) =>
  products.map(({ type }) => `${customer},"=Evil, ""${customer}""",${type},${index + 1}`),
);
const imported = await seatledger(['import', '-', '--json'], {
  input: ['customerId,organization,productType,seats', ...lines, ''].join('\n'),
  environment,
});
assert.equal(imported.exitCode, 0, imported.stderr);

test('seats get prints the number and nothing else, the product by number or by name in any case', async () => {
  for (const name of ['2048', 'cloud backup for microsoft 365', 'CLOUD BACKUP FOR MICROSOFT 365']) {
    const { exitCode, stdout, stderr } = await seatledger(['seats', 'get', 'C006', name], { environment });
    assert.deepEqual([exitCode, stdout, stderr], [0, '7\n', '']);
  }
});

test('seats get --json prints the body of the revision asked for', async () => {
  const get = ['seats', 'get', 'c006', '2048', '--json'];
  const first = await seatledger(get, { environment });
  assert.equal(first.stdout, '{"productType":2048,"availableUserSeat":7}\n');
  const second = await seatledger([...get, '--revision', '2025-10-11'], { environment });
  assert.equal(second.stdout, '{"productType":2048,"purchasedUserSeat":7}\n');
});

test('a customer that is not there ends with 4 and the request id', async () => {
  const unknown = await seatledger(['seats', 'get', 'nobody', '2048', '--json'], { environment });
  const failure = JSON.parse(unknown.stderr);
  assert.deepEqual([unknown.exitCode, unknown.stdout, failure.code], [4, '', 'customer_not_found']);
  assert.equal(typeof failure.requestId, 'string');
});

test('seats list follows the pages to the end in each format', async () => {
  const json = await seatledger(['seats', 'list', '--json'], { environment });
  const rows: { customerId: string; productType: number; purchased: number }[] = JSON.parse(json.stdout);
  assert.equal(rows.length, lines.length);
  assert.equal(
    new Set(rows.map(({ customerId, productType }) => `${customerId} ${productType}`)).size,
    lines.length,
  );

  const csv = await seatledger(['seats', 'list', '--format', 'csv'], { environment });
  const [header, firstRow, ...others] = csv.stdout.trimEnd().split('\n');
  assert.equal(
    header,
    'customerId,organization,productType,product,purchased,assigned,available,sequence,recordedAt',
  );
  assert.match(firstRow ?? '', /^c000,"'=Evil, ""c000""",1,DocAve Online,1,0,1,\d+,\d{4}-\d\d-\d\dT/);
  assert.equal(others.length, lines.length - 1);

  const table = await seatledger(['seats', 'list'], { environment });
  assert.equal(table.stdout.match(/^c\d{3} /gm)?.length, lines.length);
  assert.ok(!table.stdout.includes('\u001b'));
});

test('seats list is narrowed by customer and by product', async () => {
  const one = ['seats', 'list', '--json', '--customer', 'C049', '--product', 'fly'];
  const [row, ...others] = JSON.parse((await seatledger(one, { environment })).stdout);
  assert.deepEqual([row.customerId, row.productType, row.purchased, others], ['c049', 16_777_216, 50, []]);
  const unknown = await seatledger(['seats', 'list', '--customer', 'nobody'], { environment });
  assert.deepEqual([unknown.exitCode, unknown.stdout], [4, '']);
});

const rowsOf = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await seatledger(['seats', 'list', ...args], { environment });
  assert.equal(exitCode, 0, stderr);
  return stdout;
};

test('seats list is narrowed by group and by what is available, and sorted by it', async () => {
  const group = await seatledger(['group', 'create', 'Retail', '--json'], { environment });
  const { groupId } = JSON.parse(group.stdout);
  await seatledger(['group', 'add', String(groupId), 'c003', 'c001'], { environment });
  const ofGroup = JSON.parse(await rowsOf('--group', String(groupId), '--product', '2048', '--json'));
  assert.deepEqual(
    ofGroup.map(({ customerId }: { customerId: string }) => customerId),
    ['c001', 'c003'],
  );

  const below = JSON.parse(
    await rowsOf('--product', '2048', '--available-below', '4', '--sort', '-available', '--json'),
  );
  assert.deepEqual(
    below.map(({ available }: { available: number }) => available),
    [3, 2, 1],
  );
  assert.equal(await rowsOf('--available-below', '-1', '--format', 'ndjson'), '');
  assert.equal(await rowsOf('--available-share-below', '1', '--format', 'ndjson'), '');
});

test('seats list --format ndjson has a row a line, in one answer or sorted', async () => {
  const streamed = (await rowsOf('--format', 'ndjson')).trimEnd().split('\n');
  assert.equal(streamed.length, lines.length);
  assert.equal(typeof JSON.parse(streamed[0] ?? '').asOfSequence, 'number');
  const sorted = (await rowsOf('--format', 'ndjson', '--sort', '-purchased')).trimEnd().split('\n');
  assert.equal(sorted.length, lines.length);
  assert.equal(JSON.parse(sorted[0] ?? '').purchased, 50);
});

test('seats list refuses what it cannot be asked for', async () => {
  for (const args of [
    ['--sort', 'name'],
    ['--available-share-below', '2'],
    ['--group', 'x'],
  ]) {
    const { exitCode, stdout } = await seatledger(['seats', 'list', ...args], { environment });
    assert.deepEqual([exitCode, stdout], [2, '']);
  }
});
