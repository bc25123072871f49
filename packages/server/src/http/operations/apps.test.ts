import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { AppList, AppRegistration, CreatedAppRegistration } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { startTestServer, withSecret } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\nfabrikam,2048,1\n');
const authorization = `Bearer ${await server.token(server.admin)}`;
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const send = (method: string, path: string, body?: unknown) =>
  server.request(path, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const register = (body: unknown) => send('POST', '/api/v1/apps', body);
async function registered(body: object): Promise<CreatedAppRegistration & { clientSecret: string }> {
  const response = await register(body);
  assert.equal(response.status, 201);
  return withSecret((await response.json()) as CreatedAppRegistration);
}
async function listed(): Promise<readonly AppRegistration[]> {
  const response = await send('GET', '/api/v1/apps');
  assert.equal(response.status, 200);
  return ((await response.json()) as AppList).data;
}
const right = { name: 'billing', permissions: ['elements.license.read.all'] };

describe('an app that is registered', () => {
  test('is answered with 201, its defaults and a secret of one year', async () => {
    const before = Date.now();
    const response = await register(right);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const registration = withSecret((await response.json()) as CreatedAppRegistration);
    const { clientId, clientSecret, createdAt, changedSequence, credentials, ...app } = registration;
    assert.deepEqual(app, {
      ...right,
      customers: 'all',
      groups: null,
      revision: '2025-09-26',
      disabled: false,
      lastUsedAt: null,
      lastUsedFrom: null,
    });
    assert.equal(response.headers.get('etag'), `"${changedSequence}"`);
    assert.equal(response.headers.get('location'), `/api/v1/apps/${clientId}`);
    assert.match(clientId, guid);
    assert.ok(Date.parse(createdAt) >= before);
    const [secret, ...others] = credentials;
    assert.ok(secret?.kind === 'secret');
    assert.deepEqual(others, []);
    assert.match(secret.id, guid);
    assert.equal(secret.lastFour, clientSecret.slice(-4));
    assert.equal(secret.createdAt, createdAt);
    const expiresAt = new Date(createdAt);
    expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + 1);
    assert.equal(secret.expiresAt, expiresAt.toISOString());
  });

  test('is what was asked for, with the customers in lower case', async () => {
    const asked = {
      name: 'Billing, \u{1F4B6} & co',
      permissions: ['seatledger.read', 'elements.license.read.all'],
      customers: ['Contoso', 'fabrikam'],
      revision: '2025-10-11',
    };
    const { name, permissions, customers, revision, createdAt, credentials } = await registered({
      ...asked,
      secretYears: 3,
    });
    assert.deepEqual(
      { name, permissions: permissions.toSorted(), customers, revision },
      { ...asked, permissions: asked.permissions.toSorted(), customers: ['contoso', 'fabrikam'] },
    );
    const years =
      new Date(credentials[0]?.expiresAt ?? '').getUTCFullYear() - new Date(createdAt).getUTCFullYear();
    assert.equal(years, 3);
  });

  test('is listed as it was answered, without its secret', async () => {
    const { clientSecret, ...app } = await registered({ ...right, name: 'listed' });
    const response = await send('GET', '/api/v1/apps');
    const text = await response.text();
    assert.equal(text.includes(clientSecret), false);
    const { data } = JSON.parse(text) as AppList;
    assert.deepEqual(
      data.find(({ clientId }) => clientId === app.clientId),
      app,
    );
  });

  test('is listed by its name among all of the partner', async () => {
    for (const name of ['zulu', 'alpha', 'mike']) await registered({ ...right, name });
    const names = (await listed()).map(({ name }) => name);
    assert.deepEqual(names, names.toSorted());
    assert.ok(names.includes('admin'));
  });

  test('gets a token and is answered', async () => {
    const app = await registered({ ...right, customers: ['contoso'] });
    const path = '/partner/external/v3/general/customers/contoso/avpt-products/type/2048/overview';
    assert.equal((await server.request(path, { as: app })).status, 200);
  });
});

describe('an app that is deleted', () => {
  test('is gone from the list, with 204 and no body', async () => {
    const { clientId } = await registered(right);
    const response = await send('DELETE', `/api/v1/apps/${clientId}`);
    assert.equal(response.status, 204);
    assert.equal(await response.text(), '');
    assert.equal(
      (await listed()).some((app) => app.clientId === clientId),
      false,
    );
    await assertProblem(await send('DELETE', `/api/v1/apps/${clientId}`), 404, 'app_not_found');
  });

  test('is found whatever the case of its id', async () => {
    const { clientId } = await registered(right);
    assert.equal((await send('DELETE', `/api/v1/apps/${clientId.toUpperCase()}/`)).status, 204);
  });

  for (const id of ['nobody', '%20', '%00', "'", '*', 'a'.repeat(256)]) {
    test(`by the id ${id.slice(0, 10)} is 404 app_not_found, and nothing is deleted`, async () => {
      const before = await listed();
      await assertProblem(await send('DELETE', `/api/v1/apps/${id}`), 404, 'app_not_found');
      assert.deepEqual(await listed(), before);
    });
  }
});

describe('a registration that cannot be is 400 body_invalid, and none is made', () => {
  const cases: readonly (readonly [what: string, body: unknown, errors: readonly string[]])[] = [
    ['is no JSON', '{"name":', []],
    ['is empty', '', []],
    ['is two texts', '{}{}', []],
    ['names a prototype', '{"name":"x","permissions":["seatledger.read"],"__proto__":{"x":1}}', []],
    ['is null', 'null', ['body value_invalid']],
    ['is a list', [], ['body value_invalid']],
    ['has no name', { permissions: right.permissions }, ['name value_required']],
    ['has no permissions', { name: 'x' }, ['permissions value_required']],
    ['has an empty name', { ...right, name: '' }, ['name value_invalid']],
    ['has a name of 101 characters', { ...right, name: 'x'.repeat(101) }, ['name value_too_long']],
    ['has a name that is a number', { ...right, name: 1 }, ['name value_invalid']],
    ['has a name that is null', { ...right, name: null }, ['name value_invalid']],
    ['has no permission', { ...right, permissions: [] }, ['permissions value_invalid']],
    [
      'has a permission that there is not',
      { ...right, permissions: ['all'] },
      ['permissions.0 value_invalid'],
    ],
    [
      'has one in other letters',
      { ...right, permissions: ['Seatledger.Read'] },
      ['permissions.0 value_invalid'],
    ],
    [
      'has a permission twice',
      { ...right, permissions: ['seatledger.read', 'seatledger.read'] },
      ['permissions value_invalid'],
    ],
    [
      'has permissions that are a text',
      { ...right, permissions: 'seatledger.read' },
      ['permissions value_invalid'],
    ],
    ['has a revision that there is not', { ...right, revision: '2020-01-01' }, ['revision value_invalid']],
    ['has a secret of 4 years', { ...right, secretYears: 4 }, ['secretYears value_invalid']],
    ['has a secret of years in a text', { ...right, secretYears: '1' }, ['secretYears value_invalid']],
    ['has a member that there is not', { ...right, scope: 'all' }, ['scope field_unknown']],
    ['has a member in other letters', { ...right, Customers: ['contoso'] }, ['Customers field_unknown']],
    [
      'has a customer that there is not',
      { ...right, customers: ['nobody'] },
      ['customers customer_not_found'],
    ],
  ];
  for (const [what, body, errors] of cases) {
    test(`where it ${what}`, async () => {
      const before = await listed();
      assert.deepEqual(errorsOf(await assertProblem(await register(body), 400, 'body_invalid')), errors);
      assert.deepEqual(await listed(), before);
    });
  }

  for (const customers of [[], null, 'contoso', ['-'], [''], [1], ['a'.repeat(65)], {}]) {
    test(`where its customers are ${JSON.stringify(customers).slice(0, 20)}`, async () => {
      const problem = await assertProblem(await register({ ...right, customers }), 400, 'body_invalid');
      for (const error of errorsOf(problem)) assert.match(error, /^customers/);
      assert.notEqual(problem.errors, undefined);
    });
  }
});

describe('a query of an operation on apps', () => {
  for (const [method, path, body] of [
    ['GET', '/api/v1/apps', undefined],
    ['POST', '/api/v1/apps', right],
    ['DELETE', '/api/v1/apps/nobody', undefined],
  ] as const) {
    test(`is 400 parameter_unknown for ${method}, and nothing is made`, async () => {
      const before = await listed();
      const answer = await send(method, `${path}?dryRun=true`, body);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'parameter_unknown')), [
        'dryRun field_unknown',
      ]);
      assert.deepEqual(await listed(), before);
    });
  }
});
