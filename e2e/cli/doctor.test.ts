import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  createDatabase,
  type Postgres,
  startPostgres,
  type TestDatabase,
} from '../../packages/server/src/testing/postgres.ts';
import { createApp, startProduct, startServer, temporaryFolder } from '../product.ts';
import { commandsIn } from './answers.ts';

interface Found {
  readonly check: string;
  readonly state: string;
  readonly seen: string;
  readonly remedy: string | null;
}

describe('seatledger doctor on a data folder', () => {
  test('prints a line for each finding, and ends with 0 where none is a problem, also beside a server', async () => {
    await using folder = await temporaryFolder();
    await createApp(folder.path, ['seatledger.read']);
    await using product = await startProduct(folder.path);
    const { run, answer } = commandsIn({});
    const args = ['doctor', '--data', folder.path, '--url', product.url];
    const { exitCode, stdout, stderr } = await run(args);
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.match(stdout, /^ok +folder +There is a store in /);
    assert.match(stdout, /^ok +lock +It is in use by process \d+\.$/m);
    assert.match(stdout, /^ok +server +The server at \S+ is ready\.$/m);
    const findings: Found[] = await answer(args);
    assert.equal(findings.length, stdout.trimEnd().split('\n').length);
    for (const { state, remedy } of findings) assert.deepEqual([state, remedy], ['ok', null]);
  });

  test('prints the remedy of a problem, which mends it, and ends with 1', async () => {
    await using folder = await temporaryFolder();
    await createApp(folder.path, ['seatledger.read']);
    await chmod(folder.path, 0o755);
    const { run } = commandsIn({});
    const people = await run(['doctor', '--data', folder.path]);
    assert.equal(people.exitCode, 1);
    assert.match(people.stdout, /^problem {2}permissions .*\n +-> chmod 700 \S+$/m);
    assert.match(people.stderr, /is a problem/);
    const machines = await run(['doctor', '--data', folder.path, '--json']);
    assert.equal(machines.exitCode, 1);
    const findings = JSON.parse(machines.stdout) as Found[];
    assert.deepEqual(
      findings.filter(({ state }) => state !== 'ok').map(({ check }) => check),
      ['permissions'],
    );
    assert.equal(JSON.parse(machines.stderr).code, 'problem_found');
    await chmod(folder.path, 0o700);
    assert.equal((await run(['doctor', '--data', folder.path])).exitCode, 0);
  });

  test('does not make a folder that is not there, and takes only an origin to ask', async () => {
    await using folder = await temporaryFolder();
    const { run, refusal } = commandsIn({});
    const none = await run(['doctor', '--json', '--data', join(folder.path, 'none')]);
    assert.equal(none.exitCode, 1);
    assert.equal(JSON.parse(none.stdout)[0].check, 'folder');
    assert.equal((await refusal(['doctor', '--url', 'nowhere', '--data', folder.path])).exitCode, 2);
  });
});

describe('seatledger doctor on a database', () => {
  let postgres: Postgres;
  let database: TestDatabase;
  before(async () => {
    postgres = await startPostgres();
    database = await createDatabase(postgres);
  });
  after(async () => {
    await database.drop();
    await postgres.stop();
  });

  test('looks at it beside its servers, and names nothing secret when it is not reached', async () => {
    const key = randomBytes(32).toString('base64');
    const environment = { DATABASE_URL: database.url, SEATLEDGER_KEY: key };
    await using product = await startServer([], environment);
    const findings: Found[] = await commandsIn(environment).answer(['doctor', '--url', product.url]);
    const found = (check: string) => findings.filter((finding) => finding.check === check);
    assert.match(found('database')[0]?.seen ?? '', /takes changes/);
    assert.equal(found('clock').length, 2);
    assert.equal(found('keys')[0]?.state, 'ok');

    const password = 'marked-password';
    const away = { ...environment, DATABASE_URL: `postgres://user:${password}@127.0.0.1:1/seats` };
    const { exitCode, stdout, stderr } = await commandsIn(away).run(['doctor']);
    assert.equal(exitCode, 1);
    assert.match(stdout, /^problem +database +The database cannot be used: nothing listens there/m);
    assert.equal((stdout + stderr).includes(password), false);
    assert.equal((stdout + stderr).includes(key), false);
  });
});
