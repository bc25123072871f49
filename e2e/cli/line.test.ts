import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveForFile } from '../product.ts';
import { commandsIn } from './answers.ts';

const permissions = ['seatledger.write', 'seatledger.read', 'elements.license.read.all'] as const;
const environment = await serveForFile(permissions);
const { run, answer, refusal } = commandsIn(environment);
await answer(['customer', 'create', 'contoso', '--organization', 'Contoso']);

const seatsOf = async (name: string) => (await run(['seats', 'get', 'contoso', name])).stdout;

test('a line is added, shown, changed and ended, and the seats follow', async () => {
  assert.equal((await run(['line', 'list', 'contoso'])).stderr, 'The customer has and had no line.\n');
  const origin = ['--source', 'northwind', '--external-id', 'sub-1'];
  const terms = ['--expires-at', '2100-01-01', '--licence-type', 'trial'];
  const details = ['--detail', 'package=Standard', 'subscriptionName=Opus 5'];
  const add = ['line', 'add', 'contoso', '--product', 'OPUS', '--seats', '5'];
  const added = await answer([...add, ...origin, ...terms, ...details]);
  assert.deepEqual(
    [added.productType, added.resource, added.seats, added.expiresAt, added.licenceType, added.details],
    [
      65_536,
      'OpusInformationLifecycle',
      5,
      '2100-01-01T00:00:00.000Z',
      'trial',
      { package: 'Standard', subscriptionName: 'Opus 5' },
    ],
  );
  const id = String(added.lineId);
  assert.equal(await seatsOf('opus'), '5\n');
  const shown = await run(['line', 'show', 'contoso', id]);
  assert.match(shown.stdout, /\nproduct +65536 Opus\n[^]*\npackage +Standard\n/);
  const change = [
    'line',
    'change',
    'contoso',
    id,
    '--seats',
    '7',
    '--no-expiry',
    '--remove-detail',
    'package',
  ];
  const changed = await answer(change);
  assert.deepEqual(
    [changed.seats, changed.expiresAt, changed.details],
    [7, null, { subscriptionName: 'Opus 5' }],
  );
  assert.match((await run(['line', 'end', 'contoso', id])).stdout, /\nactive +no\n/);
  assert.equal(await seatsOf('opus'), '0\n');
  const csv = await run(['line', 'list', 'contoso', '--format', 'csv']);
  assert.match(csv.stdout, /,false,northwind,sub-1,trial,,"{""subscriptionName"":""Opus 5""}",\d+\n$/);
});

test('a line that the server refuses is told with the field or the numbers', async () => {
  const add = ['line', 'add', 'contoso', '--seats', '5'];
  const wrong = await refusal([...add, '--product', '2048', '--resource', 'FlyMigration']);
  assert.deepEqual([wrong.exitCode, wrong.code, wrong.errors[0].field], [1, 'body_invalid', 'resource']);
  const term = ['--starts-at', '2027-01-01', '--expires-at', '2026-01-01'];
  assert.equal((await refusal([...add, '--product', '2048', ...term])).code, 'body_invalid');
  assert.equal((await refusal(['line', 'show', 'contoso', 'x'])).exitCode, 4);
});

test('a pool is added, granted from, changed and ended, and refuses with its numbers', async () => {
  assert.equal((await run(['pool', 'list'])).stderr, 'There is no pool yet.\n');
  const { poolId } = await answer(['pool', 'add', 'office365backup', '--seats', '10', '--source', 'north']);
  const id = String(poolId);
  assert.equal((await run(['pool', 'grants', id])).stderr, 'Nothing was granted from the pool.\n');
  const grant = ['line', 'add', 'contoso', '--resource', 'Office365Backup', '--pool', id, '--seats'];
  const { lineId } = await answer([...grant, '8']);

  const refused = await run([...grant, '3']);
  assert.deepEqual([refused.exitCode, refused.stdout], [1, '']);
  assert.match(refused.stderr, /\n {2}at \S+, occupied 11, seats 10\n/);
  const smaller = await refusal(['pool', 'change', id, '--seats', '7']);
  assert.equal(smaller.code, 'pool_insufficient');
  assert.deepEqual([smaller.numbers.occupied, smaller.numbers.seats], [8, 7]);

  const grants = await answer(['pool', 'grants', id]);
  assert.deepEqual(
    grants.map((line: { lineId: number; poolId: number }) => [line.lineId, line.poolId]),
    [[lineId, poolId]],
  );
  assert.match((await run(['pool', 'show', id])).stdout, /\noccupied {10}8\n/);
  const changed = await answer(['pool', 'change', id, '--seats', '12', '--reason', 'order 4711']);
  assert.deepEqual([changed.seats, changed.free, changed.expiresAt], [12, 4, null]);

  assert.equal((await refusal(['pool', 'end', id])).code, 'pool_insufficient');
  await answer(['line', 'end', 'contoso', String(lineId)]);
  const ended = await answer(['pool', 'end', id]);
  assert.ok(ended.expiresAt < '2100');
  assert.match(
    (await run(['pool', 'list'])).stdout,
    /^POOL +RESOURCE[^\n]*\n +\d+ {2}Office365Backup +12 +0 +0 /,
  );
});
