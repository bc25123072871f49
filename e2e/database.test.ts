/** Any number of servers on one database: what one does, every other one answers from then on. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  createDatabase,
  type Postgres,
  queryDatabase,
  startPostgres,
  type TestDatabase,
} from '../packages/server/src/testing/postgres.ts';
import {
  type App,
  asApp,
  type Outcome,
  type Product,
  seatledger,
  startServer,
  temporaryFolder,
  type Variables,
} from './product.ts';

const key = randomBytes(32).toString('base64');
let postgres: Postgres;
let database: TestDatabase;
let variables: Variables;
let servers: readonly Product[];
let app: App;

before(async () => {
  postgres = await startPostgres();
  database = await createDatabase(postgres);
  variables = { DATABASE_URL: database.url, SEATLEDGER_KEY: key };
  servers = await Promise.all(Array.from({ length: 3 }, () => startServer([], variables)));
  app = await createApp();
});
after(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  await database.drop();
  await postgres.stop();
});

async function createApp(): Promise<App> {
  const permissions = [
    'elements.license.read.all',
    'seatledger.read',
    'seatledger.write',
    'seatledger.admin',
  ];
  const create = ['app', 'create', '--json', '--name', 'test', '--permission', ...permissions];
  const { exitCode, stdout, stderr } = await seatledger([...create, '--database-url'], {
    environment: { DATABASE_URL: database.url },
  });
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

async function availableAt({ url }: Product, token: string, customer: string): Promise<unknown> {
  const path = `/partner/external/v3/general/customers/${customer}/avpt-products/type/2048/overview`;
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  return answer.status === 200 ? answer.json() : answer.status;
}

function codeOf({ stderr }: Outcome): unknown {
  return JSON.parse(stderr).code;
}

describe('three servers that start at once on an empty database', () => {
  test('migrate it once', async () => {
    const migrated = await queryDatabase(
      database.url,
      'select count(*) as all, count(distinct version) as distinct from schema_migrations',
    );
    assert.ok(Number(migrated[0]?.['all']) > 0);
    assert.equal(migrated[0]?.['all'], migrated[0]?.['distinct']);
  });

  test('publish one signing key, and take the token of any', async () => {
    const published = await Promise.all(
      servers.map(async ({ url }) => (await fetch(`${url}/.well-known/jwks.json`)).text()),
    );
    assert.equal(JSON.parse(published[0] ?? '').keys.length, 1);
    for (const keys of published) assert.equal(keys, published[0]);
  });

  test('answer an import through one at once, each of them', async () => {
    for (const [index, server] of servers.entries()) {
      const customer = `customer-${index}`;
      const input = `customerId,productType,seats\n${customer},2048,${index + 10}\n`;
      const environment = asApp(server, app);
      const imported = await seatledger(['import', '-'], { input, environment });
      assert.equal(imported.exitCode, 0, imported.stderr);
      for (const other of servers) {
        const token = await other.token(app);
        const answer = { productType: 2048, availableUserSeat: index + 10 };
        assert.deepEqual(await availableAt(other, token, customer), answer);
      }
    }
  });

  test('hand out over all three at the same time exactly the seats that there are', async () => {
    const seats = 50;
    const input = `customerId,productType,seats\nbusy,2048,${seats}\n`;
    const [first] = servers;
    assert.ok(first);
    const imported = await seatledger(['import', '-'], { input, environment: asApp(first, app) });
    assert.equal(imported.exitCode, 0, imported.stderr);
    const doors = await Promise.all(
      servers.map(async (server) => ({ server, token: await server.token(app) })),
    );
    const askers = Array.from({ length: seats + 40 }, async (_, number) => {
      const door = doors[number % doors.length];
      assert.ok(door);
      const answer = await fetch(`${door.server.url}/api/v1/customers/busy/assignments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ productType: 2048, users: [`user-${number}@example.org`] }),
      });
      await answer.arrayBuffer();
      return answer.status;
    });
    const statuses = await Promise.all(askers);
    assert.equal(statuses.filter((status) => status === 200).length, seats);
    assert.equal(statuses.filter((status) => status === 409).length, 40);
    for (const { server, token } of doors) {
      const answer = { productType: 2048, availableUserSeat: 0 };
      assert.deepEqual(await availableAt(server, token, 'busy'), answer);
    }
    const verified = await seatledger(['verify'], {
      environment: { DATABASE_URL: database.url },
    });
    assert.equal(verified.exitCode, 0, verified.stderr);
  });

  test('refuse an app within a second of its deletion through another', async () => {
    const [first, ...others] = servers;
    assert.ok(first);
    const doomed = await createApp();
    const tokens = await Promise.all(others.map((server) => server.token(doomed)));
    for (const [index, server] of others.entries())
      assert.equal(await availableAt(server, tokens[index] ?? '', 'nobody'), 404);
    const deleted = await seatledger(['app', 'delete', doomed.clientId], { environment: asApp(first, app) });
    assert.equal(deleted.exitCode, 0, deleted.stderr);
    const deadline = performance.now() + 1000;
    for (const [index, server] of others.entries()) {
      while ((await availableAt(server, tokens[index] ?? '', 'nobody')) !== 401)
        assert.ok(performance.now() < deadline, 'the app is still let in');
    }
  });
});

describe('a server on a database', () => {
  const serve = (environment: Variables) => seatledger(['serve', '--json', '--port', '0'], { environment });

  test('is refused without its key, with one of another form, and with another', async () => {
    const { DATABASE_URL = '' } = variables;
    const other = randomBytes(32).toString('base64');
    assert.equal(codeOf(await serve({ DATABASE_URL })), 'encryption_key_missing');
    for (const wrong of ['not-the-key', other]) {
      const outcome = await serve({ DATABASE_URL, SEATLEDGER_KEY: wrong });
      assert.deepEqual([outcome.exitCode, codeOf(outcome)], [1, 'encryption_key_wrong']);
      assert.ok(!(outcome.stdout + outcome.stderr).includes(wrong));
    }
  });

  test('that cannot be reached is told so, and no word of its URL', async () => {
    const secret = 'a-part-of-the-password';
    const { SEATLEDGER_KEY = '' } = variables;
    const fixed = { SEATLEDGER_KEY, LOG_LEVEL: 'debug' };
    for (const [url, code, exitCode] of [
      [`postgres://user:${secret}@127.0.0.1:1/seats`, 'database_unreachable', 1],
      [`postgres://user:${secret}/@127.0.0.1:1/seats`, 'usage_wrong', 2],
      [secret, 'usage_wrong', 2],
    ] as const) {
      const outcomes = await Promise.all([
        seatledger(['serve', '--json', '--port', '0'], { environment: { ...fixed, DATABASE_URL: url } }),
        seatledger(['partner', 'list', '--json', '--database-url', url], { environment: fixed }),
      ]);
      for (const outcome of outcomes) {
        assert.deepEqual([outcome.exitCode, codeOf(outcome)], [exitCode, code], url);
        assert.ok(!(outcome.stdout + outcome.stderr).includes(secret), outcome.stderr);
      }
    }
  });

  test('says nothing of its URL and its key while it runs, and while it is without its database', async () => {
    const own = await createDatabase(postgres);
    const server = await startServer([], { ...variables, DATABASE_URL: own.url, LOG_LEVEL: 'debug' });
    await own.drop();
    const answer = await fetch(`${server.url}/connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' }),
    });
    assert.ok(answer.status >= 400, `${answer.status}`);
    const said = await answer.text();
    const { stdout, stderr } = await server.stop();
    for (const text of [said, stdout, stderr]) {
      assert.ok(!text.includes(key));
      assert.ok(!text.includes(own.url));
    }
  });

  test('gives way to a data folder that is named', async () => {
    await using folder = await temporaryFolder();
    const list = ['partner', 'list', '--json'];
    const created = await seatledger(['partner', 'create', 'in-the-folder', '--data', folder.path], {
      environment: variables,
    });
    assert.equal(created.exitCode, 0, created.stderr);
    const [inFolder, inDatabase] = await Promise.all([
      seatledger([...list, '--data', folder.path], { environment: variables }),
      seatledger(list, { environment: { ...variables, DATA: folder.path } }),
    ]);
    const names = ({ stdout }: Outcome) => JSON.parse(stdout).map(({ name }: { name: string }) => name);
    assert.deepEqual([names(inFolder), names(inDatabase)], [['in-the-folder'], ['default']]);
  });

  test('is worked on by its operator while servers run', async () => {
    const named = ['--database-url', database.url];
    const created = await seatledger(['partner', 'create', 'second', ...named]);
    assert.equal(created.exitCode, 0, created.stderr);
    const ofSecond = [...named, '--partner', 'second'];
    const read = ['--permission', 'elements.license.read.all'];
    const registered = await seatledger(['app', 'create', '--json', '--name', 'x', ...read, ...ofSecond]);
    const registration: App = JSON.parse(registered.stdout);
    for (const server of servers) await server.token(registration);
    const deleted = await seatledger(['app', 'delete', registration.clientId, ...ofSecond]);
    assert.equal(deleted.exitCode, 0, deleted.stderr);
    const listed = await seatledger(['app', 'list', '--json', ...ofSecond]);
    assert.deepEqual(JSON.parse(listed.stdout), []);
  });

  test('takes no sample', async () => {
    const outcome = await seatledger(['serve', '--sample', '--json', '--port', '0'], {
      environment: variables,
    });
    assert.deepEqual([outcome.exitCode, codeOf(outcome)], [2, 'usage_wrong']);
  });
});
