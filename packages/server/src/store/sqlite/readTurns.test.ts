import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openDatabase } from './connection.ts';
import { readTurns } from './readTurns.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
const path = join(folder, 'turns.db');
const writing = openDatabase(path, { readOnly: false });
writing.exec('create table things (thing integer) strict');
const reading = openDatabase(path, { readOnly: true });
const turns = readTurns(reading);
after(() => {
  turns.end();
  reading.close();
  writing.close();
  rmSync(folder, { recursive: true });
});

const counted = reading.prepare('select count(*) as count from things');
function count(): unknown {
  turns.join();
  return counted.get()?.['count'];
}
function add(database: DatabaseSync): void {
  database.exec('insert into things values (1)');
}

test('reads of one turn see one moment, and the next turn sees what was kept meanwhile', async () => {
  const before = Number(count());
  add(writing);
  assert.equal(count(), before);
  await nextTurn();
  assert.equal(count(), before + 1);
});

test('reads see a change as soon as the turn was ended because somebody is told of it', () => {
  const before = Number(count());
  add(writing);
  turns.end();
  assert.equal(count(), before + 1);
});

test('nothing stays open after the last turn, so that the log of the file can be taken over', async () => {
  count();
  await nextTurn();
  assert.equal(reading.isTransaction, false);
  add(writing);
  assert.equal(writing.prepare('pragma wal_checkpoint(truncate)').get()?.['busy'], 0);
});

test('a read that fails leaves the reads after it as they were', async () => {
  turns.join();
  assert.throws(() => reading.prepare("select json('no')").get(), /malformed JSON/);
  const before = Number(count());
  add(writing);
  await nextTurn();
  assert.equal(count(), before + 1);
});
