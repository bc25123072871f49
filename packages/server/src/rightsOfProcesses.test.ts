/** Rights on several processes of one database: a change made through one holds on every other within a second, whatever happens between. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { type RunningServer, startServer } from './app.ts';
import { readServeConfig } from './config.ts';
import { openOperatorStore } from './operatorStore.ts';
import { type DatabaseProxy, openDatabaseProxy } from './testing/databaseProxy.ts';
import { createDatabase, type Postgres, startPostgres, type TestDatabase } from './testing/postgres.ts';
import { withSecret } from './testing/server.ts';

const encryptionKey = randomBytes(32).toString('base64');
const seats = '/partner/external/v3/general/customers/contoso/avpt-products/type/2048/overview';
let postgres: Postgres;
let database: TestDatabase;
let proxy: DatabaseProxy;
let near: RunningServer;
let far: RunningServer;
let temporaryFolder: string;
let admin: { clientId: string; clientSecret: string };
let adminToken: string;

before(async () => {
  postgres = await startPostgres();
  database = await createDatabase(postgres);
  proxy = await openDatabaseProxy(database.url);
  temporaryFolder = mkdtempSync(join(tmpdir(), 'seatledger-'));
  const store = await openOperatorStore({ databaseUrl: database.url });
  await store.createPartner('one');
  admin = withSecret(await store.createApp({ name: 'admin', permissions: [...permissions] }));
  await store.close();
  const start = (url: string) =>
    startServer({
      ...readServeConfig({ databaseUrl: url, port: '0' }, {}),
      rateLimit: 0,
      place: { kind: 'database', url, encryptionKey, temporaryFolder },
    });
  near = await start(database.url);
  // One issuer for both, as behind one load balancer.
  far = await startServer({
    ...readServeConfig({ databaseUrl: proxy.url, port: '0', publicUrl: near.url }, {}),
    rateLimit: 0,
    place: { kind: 'database', url: proxy.url, encryptionKey, temporaryFolder },
  });
  adminToken = await tokenOf(near, admin);
  const imported = await fetch(`${near.url}/api/v1/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'text/csv' },
    body: 'customerId,productType,seats\ncontoso,2048,25\nfabrikam,2048,30\n',
  });
  assert.equal(imported.status, 200);
});
after(async () => {
  proxy.restore();
  await far.stop();
  await near.stop();
  await proxy.close();
  await database.drop();
  await postgres.stop();
  rmSync(temporaryFolder, { recursive: true, force: true });
});

async function tokenOf(
  { url }: RunningServer,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const answer = await fetch(`${url}/connect/token`, { method: 'POST', body: new URLSearchParams(form) });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { access_token: string }).access_token;
}

function ask({ url }: RunningServer, token: string): Promise<Response> {
  return fetch(`${url}${seats}`, { headers: { authorization: `Bearer ${token}` } });
}

async function manage<Body = unknown>(method: string, path: string, body?: object): Promise<Body> {
  const answer = await fetch(`${near.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      'if-match': '*',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  assert.ok(answer.ok, text);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

interface Made {
  clientId: string;
  clientSecret: string;
  token: string;
  credentials: readonly { id: string }[];
}

async function makeApp(scope: object = {}): Promise<Made> {
  const body = { name: 'app', permissions: ['elements.license.read.all'], ...scope };
  const app = await manage<Omit<Made, 'token'>>('POST', '/apps', body);
  return { ...app, token: await tokenOf(near, app) };
}

/**
 * Asks the other process until it does not answer with the old rights. Every request that began more than a second after the change
 * was acknowledged has to be answered with another status.
 */
async function statusAfter(token: string, old: number): Promise<number> {
  const acknowledgedAt = performance.now();
  for (;;) {
    const beganAt = performance.now();
    const { status } = await ask(far, token);
    if (status !== old) return status;
    assert.ok(beganAt - acknowledgedAt <= 1000, 'the old rights hold for more than a second');
  }
}

async function revoke({ clientId, clientSecret, token }: Made): Promise<void> {
  const form = { client_id: clientId, client_secret: clientSecret, token };
  const answer = await fetch(`${near.url}/connect/revocation`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  assert.equal(answer.status, 200);
}

describe('within a second of a change through one process, another process refuses', () => {
  const changes: Readonly<Record<string, readonly [(app: Made) => Promise<unknown>, number]>> = {
    'a token of an app that is disabled': [
      ({ clientId }) => manage('PATCH', `/apps/${clientId}`, { disabled: true }),
      401,
    ],
    'a token of an app that is deleted': [({ clientId }) => manage('DELETE', `/apps/${clientId}`), 401],
    'a token of a credential that is removed': [
      ({ clientId, credentials }) => manage('DELETE', `/apps/${clientId}/credentials/${credentials[0]?.id}`),
      401,
    ],
    'a permission that is taken away': [
      ({ clientId }) => manage('PATCH', `/apps/${clientId}`, { permissions: ['seatledger.read'] }),
      403,
    ],
    'a customer that is out of scope': [
      ({ clientId }) => manage('PATCH', `/apps/${clientId}`, { customers: ['fabrikam'] }),
      404,
    ],
    'a token that is revoked': [revoke, 401],
  };
  for (const [what, [change, status]] of Object.entries(changes)) {
    test(what, async () => {
      const app = await makeApp();
      assert.equal((await ask(far, app.token)).status, 200);
      await change(app);
      assert.equal(await statusAfter(app.token, 200), status);
    });
  }
});

test('within a second another process sees a customer that joins a group of the scope', async () => {
  const { groupId } = await manage<{ groupId: number }>('POST', '/groups', { name: 'seen' });
  const app = await makeApp({ groups: [groupId] });
  assert.equal((await ask(far, app.token)).status, 404);
  await manage('POST', `/groups/${groupId}/customers`, { customerIds: ['contoso'] });
  assert.equal(await statusAfter(app.token, 404), 200);
});

describe('a process that could not check for a second answers 503, and never with old rights', () => {
  test('where its database is out of reach while the app is disabled', async () => {
    const app = await makeApp();
    assert.equal((await ask(far, app.token)).status, 200);
    proxy.cut();
    try {
      await manage('PATCH', `/apps/${app.clientId}`, { disabled: true });
      assert.equal(await statusAfter(app.token, 200), 503);
      // The seats cannot be read at once, the rights not from half a second on.
      for (;;) {
        const refused = await ask(far, app.token);
        assert.equal(refused.status, 503);
        assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
        const { code } = (await refused.json()) as { code: string };
        if (code === 'rights_unverified') break;
        assert.equal(code, 'store_unreachable');
      }
    } finally {
      proxy.restore();
    }
    // Once it can check again it refuses; until then it does not know.
    for (;;) {
      const { status } = await ask(far, app.token);
      if (status === 401) break;
      assert.equal(status, 503);
    }
  });

  test('where its database hangs: what waited for it is not answered with what it said too late', async () => {
    const app = await makeApp();
    assert.equal((await ask(far, app.token)).status, 200);
    proxy.freeze();
    await manage('PATCH', `/apps/${app.clientId}`, { disabled: true });
    // The reading that hangs is of a moment after the remembered rights ended, and is not over yet.
    const waiting = statusAfter(app.token, 200);
    const late = setTimeout(() => proxy.restore(), 1500);
    assert.ok([401, 503].includes(await waiting));
    clearTimeout(late);
    proxy.restore();
  });
});
