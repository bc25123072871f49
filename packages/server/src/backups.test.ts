/** A backup is of one moment, however many changes are made while it is, and these go on. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { checkBackup } from '@seatledger/contract';
import { openBackup, restoreBackup } from './readBackup.ts';
import { openTestPlace } from './testing/place.ts';
import { sendAs } from './testing/send.ts';
import { startTestServer } from './testing/server.ts';
import { restoreWhole } from './wholeStore.ts';

/** So that two hundred are sent in a second. */
const writeEveryMs = 5;
const customers = 10_000;

const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
const server = await startTestServer();
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
const send = await sendAs(server, server.admin);
const idOf = (index: number) => `customer-${index % customers}`;
await server.importCsv(
  `customerId,productType,seats\n${Array.from({ length: customers }, (_, index) => `${idOf(index)},2048,5\n`).join('')}`,
);

test('every write that was acknowledged before is in it, none that came after, and none waits for it', async () => {
  /** The events of writes that were acknowledged, in the order of that. */
  const acknowledged: number[] = [];
  const sent: Promise<void>[] = [];
  let enough = Promise.withResolvers<void>();
  let wanted = 50;
  const timer = setInterval(() => {
    const write = async () => {
      const body = { productType: 2048, seats: 1, externalId: `e${sent.length}` };
      const answer = await send('POST', `/api/v1/customers/${idOf(sent.length)}/lines`, { body });
      const line = (await answer.json()) as { changedSequence: number };
      assert.equal(answer.status, 201, JSON.stringify(line));
      acknowledged.push(line.changedSequence);
      if (acknowledged.length === wanted) enough.resolve();
    };
    sent.push(write());
  }, writeEveryMs);
  await enough.promise;
  const before = acknowledged.length;
  const answer = await send('POST', '/api/v1/backups');
  assert.equal(answer.status, 200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const during = acknowledged.length - before;
  // They go on afterwards too.
  enough = Promise.withResolvers();
  wanted = acknowledged.length + 20;
  await enough.promise;
  clearInterval(timer);
  await Promise.all(sent);

  const check = checkBackup(createHash('sha256'));
  check.take(bytes);
  const whole = check.end();
  assert.ok('header' in whole);
  const [head] = whole.header.heads;
  assert.ok(head);
  const { sequence } = head;
  assert.ok(during > 0, 'nothing was written meanwhile');
  assert.ok(sequence >= Math.max(...acknowledged.slice(0, before)), 'what was acknowledged is in it');
  assert.ok(sequence < Math.max(...acknowledged), 'it is of its own moment');

  const rows = rowsByTable(zstdDecompressSync(bytes.subarray(whole.rowsFrom, whole.rowsTo)).toString());
  assert.deepEqual(
    columnOf(rows, 'events', 'sequence'),
    [...Array(sequence).keys()].map((index) => index + 1),
  );
  const lines = new Set(columnOf(rows, 'lines', 'changed_sequence'));
  for (const event of acknowledged)
    assert.equal(lines.has(event), event <= sequence, `event ${event} of ${sequence}`);

  const path = join(folder, 'backup');
  await writeFile(path, bytes);
  const place = await openTestPlace();
  try {
    const backup = await openBackup(path);
    // It proves the record and its head.
    await restoreWhole(place.place, async (connection) => {
      await restoreBackup(connection, backup, () => undefined);
    });
  } finally {
    await place.remove();
  }
});

type Rows = ReadonlyMap<string, { readonly columns: readonly string[]; readonly rows: readonly unknown[][] }>;

function rowsByTable(text: string): Rows {
  const found = new Map<string, { columns: readonly string[]; rows: unknown[][] }>();
  let rows: unknown[][] = [];
  for (const line of text.trimEnd().split('\n')) {
    const value = JSON.parse(line) as unknown[] | { table: string; columns: readonly string[] };
    if (Array.isArray(value)) rows.push(value);
    else found.set(value.table, { columns: value.columns, rows: (rows = []) });
  }
  return found;
}

function columnOf(tables: Rows, table: string, column: string): readonly unknown[] {
  const found = tables.get(table);
  assert.ok(found);
  return found.rows.map((row) => row[found.columns.indexOf(column)]);
}
