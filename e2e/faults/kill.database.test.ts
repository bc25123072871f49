/** Kills on a database. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { createDatabase, startPostgres } from '../../packages/server/src/testing/postgres.ts';
import { seatledger, temporaryFolder } from '../product.ts';
import { killAgainAndAgain } from './kill.ts';

test('a server that is killed while clients write loses nothing that it acknowledged, on a database', async (t) => {
  const postgres = await startPostgres();
  const database = await createDatabase(postgres);
  // A process that is killed leaves its temporary files.
  await using temporary = await temporaryFolder();
  t.after(async () => {
    await database.drop();
    await postgres.stop();
  });
  const args = ['--database-url', database.url];
  const environment = { SEATLEDGER_KEY: randomBytes(32).toString('base64'), TMPDIR: temporary.path };
  const create = ['app', 'create', '--json', '--name', 'test', '--permission', ...permissions, ...args];
  const { exitCode, stdout, stderr } = await seatledger(create, { environment });
  assert.equal(exitCode, 0, stderr);
  await killAgainAndAgain(t, { args, environment, app: JSON.parse(stdout) });
});
