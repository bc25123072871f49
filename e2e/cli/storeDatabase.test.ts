import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createDatabase, queryDatabase, startPostgres } from '../../packages/server/src/testing/postgres.ts';
import { createApp, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
const postgres = await startPostgres();
const database = await createDatabase(postgres);
after(async () => {
  await database.drop();
  await postgres.stop();
  await folder[Symbol.asyncDispose]();
});
const { run, answer, refusal } = commandsIn({ DATABASE_URL: database.url });

test('a store moves from a folder to a database and verifies there, until it is altered', async () => {
  const data = join(folder.path, 'data');
  await createApp(data, ['seatledger.read']);
  const [before, again] = [join(folder.path, 'before'), join(folder.path, 'after')];
  const exported = await answer(['export', before, '--data', data]);
  const [{ hash }] = exported.heads;

  assert.deepEqual(await answer(['import', before, '--database-url']), exported);
  const [found] = await answer(['verify', '--head', hash]);
  assert.deepEqual([found.holds, found.head.hash, found.hasHead], [true, hash, true]);
  assert.deepEqual(await answer(['export', again, '--database-url', database.url]), exported);
  assert.equal(await readFile(again, 'utf8'), await readFile(before, 'utf8'));
  assert.equal((await refusal(['import', before, '--database-url'])).code, 'store_not_empty');

  await queryDatabase(database.url, 'update changes set reason = $$nothing$$');
  const altered = await run(['verify', '--json']);
  assert.deepEqual([altered.exitCode, JSON.parse(altered.stderr).code], [1, 'record_broken']);
});

test('signing keys are made and listed in a database, with the key that they are encrypted with', async () => {
  assert.equal((await refusal(['keys', 'rotate'])).code, 'encryption_key_missing');
  const SEATLEDGER_KEY = Buffer.alloc(32, 1).toString('base64');
  const keyed = commandsIn({ DATABASE_URL: database.url, SEATLEDGER_KEY });
  const { kid, removed } = await keyed.answer(['keys', 'rotate']);
  assert.deepEqual(removed, []);
  const [key] = await keyed.answer(['keys', 'list', '--database-url', database.url]);
  assert.deepEqual([key.kid, key.state], [kid, 'signs']);
});
