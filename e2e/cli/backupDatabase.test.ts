import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createDatabase, startPostgres } from '../../packages/server/src/testing/postgres.ts';
import { asApp, createApp, startProduct, startServer, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
const postgres = await startPostgres();
const database = await createDatabase(postgres);
after(async () => {
  await database.drop();
  await postgres.stop();
  await folder[Symbol.asyncDispose]();
});
const { answer, refusal } = commandsIn({});
const at = (name: string) => join(folder.path, name);
const inDatabase = ['--database-url', database.url];

test('a backup of a folder is put back into a database, and a backup of that into a folder, with head and answers', async () => {
  const admin = await createApp(at('data'), [
    'seatledger.admin',
    'seatledger.write',
    'seatledger.read',
    'elements.license.read.all',
  ]);
  const product = await startProduct(at('data'));
  const asAdmin = commandsIn(asApp(product, admin));
  await asAdmin.answer(['import', '-'], 'customerId,productType,seats\ncontoso,2048,25\nfabrikam,opus,5\n');
  await asAdmin.answer(['assignment', 'assign', 'contoso', '2048', 'ada@x.example']);
  const seats = await asAdmin.answer(['seats', 'list']);
  const { heads } = await asAdmin.answer(['backup', at('of-folder')]);
  await product.stop();
  const [{ hash }] = heads;

  const restored = await answer(['restore', at('of-folder'), ...inDatabase]);
  assert.deepEqual(restored.heads, heads);
  const [found] = await answer(['verify', '--head', hash, ...inDatabase]);
  assert.deepEqual([found.holds, found.head.hash, found.hasHead], [true, hash, true]);
  assert.equal((await refusal(['restore', at('of-folder'), ...inDatabase])).code, 'store_not_empty');

  // The app signs in with the secret that it had, and finds what there was.
  const SEATLEDGER_KEY = Buffer.alloc(32, 1).toString('base64');
  await using served = await startServer(inDatabase, { SEATLEDGER_KEY });
  const asBefore = commandsIn(asApp(served, admin));
  assert.deepEqual(await asBefore.answer(['seats', 'list']), seats);
  const again = await asBefore.answer(['backup', at('of-database')]);
  assert.deepEqual(again.heads, heads);

  const back = await answer(['restore', at('of-database'), '--data', at('back')]);
  assert.deepEqual(back.heads, heads);
  const [last] = await answer(['verify', '--head', hash, '--data', at('back')]);
  assert.deepEqual([last.holds, last.head.hash], [true, hash]);
  await using servedBack = await startProduct(at('back'));
  assert.deepEqual(await commandsIn(asApp(servedBack, admin)).answer(['seats', 'list']), seats);
});
