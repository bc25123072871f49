/** What apps may do, sentence by sentence of the rules that the whole server keeps. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type NewAppRegistration, permissions } from '@seatledger/contract';
import { assertProblem, comparable, errorsOf, openSocket, readAnswers } from '../testing/answers.ts';
import { type Send, sendAs } from '../testing/send.ts';
import { startTestServer, type TestApp } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\nfabrikam,2048,30\n');
const admin = await sendAs(server, server.admin);

const any = { headers: { 'if-match': '*' } };
const seatsOf = (customerId: string) =>
  `/partner/external/v3/general/customers/${customerId}/avpt-products/type/2048/overview`;
const appPath = ({ clientId }: TestApp) => `/api/v1/apps/${clientId}`;
const appWith = (registration: Partial<NewAppRegistration>, by?: TestApp) =>
  server.createApp(registration, by);

/** Asks with the same token again and again, so that it and its rights are remembered. */
async function holder(app: TestApp): Promise<Send> {
  const send = await sendAs(server, app);
  for (const status of [200, 200]) assert.equal((await send('GET', seatsOf('contoso'))).status, status);
  return send;
}

describe('no permission implies another', () => {
  /** An operation that needs the permission and nothing else to get past the guard. */
  const operations: Readonly<Record<string, readonly [method: string, path: string]>> = {
    'elements.license.read.all': ['GET', seatsOf('contoso')],
    'seatledger.read': ['GET', '/api/v1/seats'],
    'seatledger.write': ['POST', '/api/v1/customers'],
    'seatledger.admin': ['GET', '/api/v1/apps'],
  };
  for (const [permission, [method, path]] of Object.entries(operations)) {
    test(`${permission} is held by nobody who holds all the others`, async () => {
      const others = permissions.filter((name) => name !== permission);
      const send = await sendAs(server, await appWith({ permissions: others }));
      const refused = await send(method, path, method === 'GET' ? {} : { body: { customerId: 'x' } });
      assert.match(refused.headers.get('www-authenticate') ?? '', new RegExp(`scope="${permission}"$`));
      await assertProblem(refused, 403, 'permission_missing');
    });

    test(`${permission} alone opens nothing else`, async () => {
      const send = await sendAs(server, await appWith({ permissions: [permission as never] }));
      for (const [other, [otherMethod, otherPath]] of Object.entries(operations)) {
        if (other === permission) continue;
        const refused = await send(otherMethod, otherPath, otherMethod === 'GET' ? {} : { body: {} });
        await assertProblem(refused, 403, 'permission_missing');
      }
    });
  }
});

describe('an app never gives permissions or customer scope beyond its own', () => {
  test('not by registering an app', async () => {
    const send = await sendAs(server, await appWith({ permissions: ['seatledger.admin'] }));
    const refused = await send('POST', '/api/v1/apps', {
      body: { name: 'more', permissions: ['seatledger.write'] },
    });
    await assertProblem(refused, 403, 'grant_exceeds_own');
  });

  test('not by changing one: what it has may stay, and nothing is added', async () => {
    const send = await sendAs(server, await appWith({ permissions: ['seatledger.admin'] }));
    const powerful = await appWith({ permissions: ['seatledger.write'] });
    const renamed = await send('PATCH', appPath(powerful), { body: { name: 'renamed' }, ...any });
    assert.equal(renamed.status, 200);
    const added = await send('PATCH', appPath(powerful), {
      body: { permissions: ['seatledger.write', 'seatledger.read'] },
      ...any,
    });
    const problem = await assertProblem(added, 403, 'grant_exceeds_own');
    assert.deepEqual(errorsOf(problem), ['permissions permission_not_held']);
  });

  test('not by a credential of an app that may more, which would be as good as its permissions', async () => {
    const send = await sendAs(server, await appWith({ permissions: ['seatledger.admin'] }));
    const powerful = await appWith({ permissions: ['seatledger.write'] });
    const refused = await send('POST', `${appPath(powerful)}/credentials`, { body: { secretYears: 1 } });
    await assertProblem(refused, 403, 'grant_exceeds_own');
  });

  test('not by letting an app that may more see other customers', async () => {
    const send = await sendAs(server, await appWith({ permissions: ['seatledger.admin'] }));
    const powerful = await appWith({ permissions: ['seatledger.write'], customers: ['contoso'] });
    const refused = await send('PATCH', appPath(powerful), { body: { customers: 'all' }, ...any });
    await assertProblem(refused, 403, 'grant_exceeds_own');
  });

  test('not by enabling an app that may more', async () => {
    const send = await sendAs(server, await appWith({ permissions: ['seatledger.admin'] }));
    const powerful = await appWith({ permissions: ['seatledger.write'] });
    const disabled = await send('PATCH', appPath(powerful), { body: { disabled: true }, ...any });
    assert.equal(disabled.status, 200);
    const refused = await send('PATCH', appPath(powerful), { body: { disabled: false }, ...any });
    await assertProblem(refused, 403, 'grant_exceeds_own');
  });

  test('not what the registration holds and the token does not carry', async () => {
    const token = await server.token(server.admin, 'seatledger.admin');
    const refused = await fetch(`${server.url}/api/v1/apps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'more', permissions: ['seatledger.read'] }),
    });
    await assertProblem(refused, 403, 'grant_exceeds_own');
  });

  test('and who sees some customers only gives none at all', async () => {
    const send = await sendAs(
      server,
      await appWith({ permissions: ['seatledger.admin'], customers: ['contoso'] }),
    );
    for (const scope of [{}, { customers: ['contoso'] }]) {
      const body = { name: 'more', permissions: ['seatledger.admin'], ...scope };
      await assertProblem(await send('POST', '/api/v1/apps', { body }), 403, 'customer_scope_insufficient');
    }
  });
});

describe('seatledger.admin, creating customers and everything about pools need customer scope "all"', () => {
  const asked: readonly (readonly [method: string, path: string, body?: object])[] = [
    ['GET', '/api/v1/apps'],
    ['GET', appPath(server.admin)],
    ['POST', '/api/v1/apps', { name: 'x', permissions: ['seatledger.read'] }],
    ['PATCH', appPath(server.admin), { disabled: true }],
    ['DELETE', appPath(server.admin)],
    ['POST', `${appPath(server.admin)}/credentials`, { secretYears: 1 }],
    ['DELETE', `${appPath(server.admin)}/credentials/00000000-0000-4000-8000-000000000000`],
    ['POST', '/api/v1/customers', { organization: 'New' }],
    ['GET', '/api/v1/pools'],
    ['POST', '/api/v1/pools', { resource: 'Office365Backup', seats: 1 }],
    ['GET', '/api/v1/pools/1'],
    ['PATCH', '/api/v1/pools/1', { seats: 1 }],
    ['DELETE', '/api/v1/pools/1'],
    ['GET', '/api/v1/pools/1/grants'],
    ['POST', '/api/v1/customers/contoso/lines', { resource: 'Office365Backup', seats: 1, poolId: 1 }],
  ];
  for (const [method, path, body] of asked) {
    test(`${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '…')}`, async () => {
      const send = await sendAs(
        server,
        await appWith({ permissions: [...permissions], customers: ['contoso'] }),
      );
      const refused = await send(method, path, { ...any, ...(body === undefined ? {} : { body }) });
      await assertProblem(refused, 403, 'customer_scope_insufficient');
    });
  }
});

test("a restricted app's import that names another customer fails as for an unknown one", async () => {
  const restricted = await appWith({ permissions: ['seatledger.write'], customers: ['contoso'] });
  const send = await sendAs(server, restricted);
  const [foreign, unknown] = await Promise.all(
    ['fabrikam', 'nobody-1'].map(async (customerId) => {
      const answer = await send('POST', '/api/v1/import', {
        headers: { 'content-type': 'text/csv' },
        body: `customerId,productType,seats\ncontoso,2048,26\n${customerId},2048,1\n`,
      });
      assert.equal(answer.status, 400);
      return JSON.stringify(await comparable(answer)).replaceAll(customerId, 'CUSTOMER');
    }),
  );
  assert.equal(foreign, unknown);
  const seats = await (await admin('GET', seatsOf('contoso'))).json();
  assert.deepEqual(seats, { productType: 2048, availableUserSeat: 25 });
});

async function introspected(by: TestApp, token: string): Promise<{ active: boolean; scope?: string }> {
  const form = { client_id: by.clientId, client_secret: by.clientSecret, token };
  const answer = await fetch(`${server.url}/connect/introspect`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  assert.equal(answer.status, 200);
  return (await answer.json()) as { active: boolean };
}

describe("introspection tells of one's own tokens, and an administrator of those of the partner", () => {
  test('to the app that got the token', async () => {
    const app = await appWith({});
    const told = await introspected(app, await server.token(app));
    assert.deepEqual([told.active, told.scope], [true, 'elements.license.read.all']);
  });

  test('to an administrator that sees all customers of the same partner', async () => {
    assert.equal((await introspected(server.admin, await server.token(await appWith({})))).active, true);
  });

  for (const [who, registration] of [
    ['an app that is no administrator', { permissions: ['seatledger.read', 'seatledger.write'] }],
    [
      'an administrator that sees some customers only',
      { permissions: ['seatledger.admin'], customers: ['contoso'] },
    ],
  ] as const) {
    test(`not to ${who}`, async () => {
      const by = await appWith(registration as unknown as Partial<NewAppRegistration>);
      assert.deepEqual(await introspected(by, await server.token(await appWith({}))), { active: false });
    });
  }

  test('not to an administrator of another partner', async () => {
    const token = await server.token(await appWith({}));
    assert.deepEqual(await introspected(server.otherAdmin, token), { active: false });
  });
});

describe("revocation ends one's own tokens", () => {
  const revoke = async (by: TestApp, token: string) => {
    const form = { client_id: by.clientId, client_secret: by.clientSecret, token };
    return fetch(`${server.url}/connect/revocation`, { method: 'POST', body: new URLSearchParams(form) });
  };
  const ask = (token: string) =>
    fetch(`${server.url}${seatsOf('contoso')}`, { headers: { authorization: `Bearer ${token}` } });

  test('that one and no other, from the answer on', async () => {
    const app = await appWith({});
    const [token, other] = [await server.token(app), await server.token(app)];
    assert.equal((await ask(token)).status, 200);
    assert.equal((await revoke(app, token)).status, 200);
    await assertProblem(await ask(token), 401, 'token_invalid');
    assert.equal((await ask(other)).status, 200);
    assert.deepEqual(await introspected(app, token), { active: false });
  });

  test("and nobody else's, an administrator's own partner included", async () => {
    const token = await server.token(await appWith({}));
    for (const by of [server.admin, server.otherAdmin, await appWith({})]) {
      const refused = await revoke(by, token);
      assert.equal(refused.status, 400);
      assert.equal(((await refused.json()) as { error: string }).error, 'invalid_grant');
    }
    assert.equal((await ask(token)).status, 200);
  });
});

describe('a request that starts after a write was acknowledged sees it', () => {
  test('for seats, however often they were asked for before', async () => {
    const send = await holder(await appWith({ permissions: ['elements.license.read.all'] }));
    for (let seats = 100; seats < 110; seats++) {
      await server.importCsv(`customerId,productType,seats,externalId\nadatum,2048,${seats},a\n`);
      const told = await (await send('GET', seatsOf('adatum'))).json();
      assert.deepEqual(told, { productType: 2048, availableUserSeat: seats });
    }
  });
});

describe('an app that loses its rights while its request arrives', () => {
  const begun = async (app: TestApp, head: string, part: string) => {
    const socket = await openSocket(server.url);
    const token = await server.token(app);
    socket.write(`${head}\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n${part}`);
    // The guard has let it through once another answer to the app has come.
    assert.equal((await server.request(seatsOf('contoso'), { as: app })).status, 200);
    return socket;
  };
  for (const [what, head, body] of [
    [
      'a change',
      'POST /api/v1/customers HTTP/1.1\r\ncontent-type: application/json',
      '{"customerId":"late","organization":"Late"}',
    ],
    ['an answer', `GET ${seatsOf('contoso')} HTTP/1.1`, '{"a body that":"nobody needs"}'],
    [
      'an import',
      'POST /api/v1/import HTTP/1.1\r\ncontent-type: text/csv',
      'customerId,productType,seats\nlate,2048,1\n',
    ],
  ] as const) {
    test(`is refused ${what} that it had begun`, async () => {
      const app = await appWith({ permissions: ['seatledger.write', 'elements.license.read.all'] });
      const length = `\r\ncontent-length: ${body.length}`;
      const socket = await begun(app, head + length, body.slice(0, 5));
      assert.equal((await admin('DELETE', appPath(app))).status, 204);
      socket.write(body.slice(5));
      const [answer] = await readAnswers(socket);
      assert.ok(answer);
      assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_token"/);
      assert.equal(answer.status, 401, await answer.text());
      assert.equal((await admin('GET', '/api/v1/customers/late')).status, 404);
    });
  }
});

describe('rights that are revoked, disabled or changed are so from the answer on, for tokens that were issued before', () => {
  const changes: readonly (readonly [
    what: string,
    change: (app: TestApp) => Promise<Response>,
    status: number,
  ])[] = [
    [
      'where the app is disabled',
      (app) => admin('PATCH', appPath(app), { body: { disabled: true }, ...any }),
      401,
    ],
    ['where the app is deleted', (app) => admin('DELETE', appPath(app)), 401],
    [
      'where the credential is removed that got the token',
      async (app) => {
        const shown = (await (await admin('GET', appPath(app))).json()) as { credentials: { id: string }[] };
        return admin('DELETE', `${appPath(app)}/credentials/${shown.credentials[0]?.id}`);
      },
      401,
    ],
    [
      'where the permission is taken away',
      (app) => admin('PATCH', appPath(app), { body: { permissions: ['seatledger.read'] }, ...any }),
      403,
    ],
    [
      'where the customer scope is narrowed',
      (app) => admin('PATCH', appPath(app), { body: { customers: ['fabrikam'] }, ...any }),
      404,
    ],
  ];
  for (const [what, change, status] of changes) {
    test(what, async () => {
      const app = await appWith({ permissions: ['elements.license.read.all', 'seatledger.read'] });
      const send = await holder(app);
      assert.ok((await change(app)).ok);
      assert.equal((await send('GET', seatsOf('contoso'))).status, status);
    });
  }

  test('and an app that is enabled again goes on with the token that it has', async () => {
    const app = await appWith({});
    const send = await holder(app);
    await admin('PATCH', appPath(app), { body: { disabled: true }, ...any });
    assert.equal((await send('GET', seatsOf('contoso'))).status, 401);
    await assert.rejects(server.token(app), /invalid_client/);
    await admin('PATCH', appPath(app), { body: { disabled: false }, ...any });
    assert.equal((await send('GET', seatsOf('contoso'))).status, 200);
  });

  test('where a customer joins a group of the scope, and where it leaves', async () => {
    const group = (await (await admin('POST', '/api/v1/groups', { body: { name: 'seen' } })).json()) as {
      groupId: number;
    };
    const members = `/api/v1/groups/${group.groupId}/customers`;
    const body = { customerIds: ['contoso'] };
    const send = await sendAs(server, await appWith({ groups: [group.groupId] }));
    assert.equal((await send('GET', seatsOf('contoso'))).status, 404);
    assert.equal((await admin('POST', members, { body })).status, 200);
    assert.equal((await send('GET', seatsOf('contoso'))).status, 200);
    assert.equal((await send('GET', seatsOf('fabrikam'))).status, 404);
    assert.equal((await admin('POST', `${members}/remove`, { body })).status, 200);
    assert.equal((await send('GET', seatsOf('contoso'))).status, 404);
  });
});
