/** Who may administer app registrations, and from when on a change of them holds. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { ProblemCode } from '@seatledger/contract';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\n');

const seats = '/partner/external/v3/general/customers/contoso/avpt-products/type/2048/overview';
const nobody = '00000000-0000-4000-8000-000000000000';

type Listed = { data: { clientId: string; name: string; credentials: object[] }[] };

function send(token: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return fetch(`${server.url}${path}`, { ...init, headers });
}
const register = (token: string, registration: object) =>
  send(token, '/api/v1/apps', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'another', permissions: ['elements.license.read.all'], ...registration }),
  });
const remove = (token: string, clientId: string) =>
  send(token, `/api/v1/apps/${clientId}`, { method: 'DELETE' });
const list = async (token: string) => (await (await send(token, '/api/v1/apps')).json()) as Listed;
const idsOf = async () => (await list(await server.token(server.admin))).data.map(({ clientId }) => clientId);

/** None of the three operations is open to the app, and none of them changes anything. */
async function assertShutOut(app: TestApp, status: number, code: ProblemCode): Promise<void> {
  const token = await server.token(app);
  const before = await idsOf();
  await assertProblem(await register(token, {}), status, code);
  await assertProblem(await send(token, '/api/v1/apps'), status, code);
  await assertProblem(await remove(token, server.admin.clientId), status, code);
  await assertProblem(await remove(token, nobody), status, code);
  assert.deepEqual(await idsOf(), before);
}

describe('app registrations are shut', () => {
  test('to an app without seatledger.admin, whatever else it holds', async () => {
    const app = await server.createApp({ permissions: ['seatledger.read', 'seatledger.write'] });
    await assertShutOut(app, 403, 'permission_missing');
  });

  test('to an admin that sees only some customers', async () => {
    const app = await server.createApp({ permissions: ['seatledger.admin'], customers: ['contoso'] });
    await assertShutOut(app, 403, 'customer_scope_insufficient');
  });
});

describe('an admin app', () => {
  test('gives what it holds, and nothing else', async () => {
    const admin = await server.createApp({ permissions: ['seatledger.admin', 'seatledger.read'] });
    const token = await server.token(admin);
    assert.equal((await register(token, { permissions: ['seatledger.read'] })).status, 201);
    const refused = await register(token, { permissions: ['seatledger.read', 'seatledger.write'] });
    const problem = await assertProblem(refused, 403, 'grant_exceeds_own');
    assert.deepEqual(errorsOf(problem), ['permissions permission_not_held']);
  });

  test('gives nothing that it holds but its token does not carry', async () => {
    const token = await server.token(server.admin, 'seatledger.admin');
    const refused = await register(token, { permissions: ['seatledger.read'] });
    await assertProblem(refused, 403, 'grant_exceeds_own');
    assert.equal((await register(token, { permissions: ['seatledger.admin'] })).status, 201);
  });

  test('is shown a new secret once, in an answer that nobody stores', async () => {
    const response = await register(await server.token(server.admin), { name: 'once' });
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const { clientId, clientSecret } = (await response.json()) as TestApp;
    const listed = (await list(await server.token(server.admin))).data.find(
      (app) => app.clientId === clientId,
    );
    assert.ok(listed !== undefined);
    assert.equal(JSON.stringify(listed).includes(clientSecret.slice(4, -4)), false);
    assert.deepEqual(listed.credentials.map(Object.keys), [
      ['id', 'kind', 'lastFour', 'createdAt', 'expiresAt', 'lastUsedAt', 'lastUsedFrom'],
    ]);
  });

  test('neither sees nor deletes the apps of another partner: those answer as what is not there', async () => {
    const token = await server.token(server.otherAdmin);
    assert.deepEqual(
      (await list(token)).data.map(({ clientId }) => clientId),
      [server.otherAdmin.clientId],
    );
    const [foreign, missing] = [await remove(token, server.admin.clientId), await remove(token, nobody)];
    await assertProblem(foreign.clone(), 404, 'app_not_found');
    assert.deepEqual(await comparable(foreign), await comparable(missing));
    assert.ok((await idsOf()).includes(server.admin.clientId));
  });
});

describe('a deleted app', () => {
  test('has no token and no secret that works from the answer on', async () => {
    const app = await server.createApp({});
    const token = await server.token(app);
    const admin = await server.token(server.admin);
    // Asked twice, so that token and rights are remembered.
    for (const status of [200, 200]) assert.equal((await send(token, seats)).status, status);
    assert.equal((await remove(admin, app.clientId)).status, 204);

    const refused = await send(token, seats);
    assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/);
    await assertProblem(refused, 401, 'token_invalid');
    await assert.rejects(server.token(app), /invalid_client/);
  });

  test('that deleted itself is gone as well', async () => {
    const app = await server.createApp({ permissions: ['seatledger.admin'] });
    const token = await server.token(app);
    assert.equal((await remove(token, app.clientId)).status, 204);
    await assertProblem(await send(token, '/api/v1/apps'), 401, 'token_invalid');
  });
});

test('while the store cannot be read, rights are answered with 503 and never with a stale yes', async () => {
  const token = await server.token(await server.createApp({}));
  assert.equal((await send(token, seats)).status, 200);
  // Any change of registrations makes the process read rights anew.
  await server.createApp({});
  await server.place.exec('alter table apps rename to out_of_reach');
  try {
    const refused = await send(token, seats);
    await assertProblem(refused, 503, 'rights_unverified');
  } finally {
    await server.place.exec('alter table out_of_reach rename to apps');
  }
  assert.equal((await send(token, seats)).status, 200);
});
