import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type Operation, operations, problems } from '@seatledger/contract';
import { assertProblem } from '../../testing/answers.ts';
import { type DocumentedOperation, readAnswer, readDocument } from '../../testing/documented.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\nfabrikam,1,1\n');

const { document, operations: documented, assertPromised, assertValid } = await readDocument(server.url);

function documentedOf({ id }: Operation): DocumentedOperation {
  const found = documented.find(({ operationId }) => operationId === id);
  assert.ok(found);
  return found;
}

describe('the document at /openapi.json', () => {
  test('is served to everybody, and names the server as it is asked for', async () => {
    assert.deepEqual(document.servers, [{ url: server.url }]);
    const response = await server.request('/openapi.json');
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  });

  for (const operation of Object.values<Operation>(operations)) {
    test(`has only examples of ${operation.id} that are what their schema says`, () => {
      for (const [status, { content = {} }] of Object.entries(documentedOf(operation).responses)) {
        for (const { schema, examples = {} } of Object.values(content)) {
          for (const [name, { value }] of Object.entries(examples))
            assertValid(schema, value, `${status} ${name}`);
        }
      }
    });
  }
});

describe('what the server answers is what the document says', () => {
  const registration = { name: 'x', permissions: ['seatledger.read'] };
  const seats = (customerId: string, productType: string) =>
    `/partner/external/v3/general/customers/${customerId}/avpt-products/type/${productType}/overview`;
  const { clientId: client_id, clientSecret: client_secret } = server.admin;
  const credentials = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
  /** Sent with no token at all. */
  const tokenless = { authorization: '' };
  const csv = { 'content-type': 'text/csv' };
  const json = { 'content-type': 'application/json' };
  const asked: readonly (readonly [Operation, path: string, status: number, init?: RequestInit])[] = [
    [operations.getCustomerUserSeats, seats('contoso', '2048'), 200],
    [
      operations.getCustomerUserSeats,
      seats('contoso', '2048'),
      200,
      { headers: { 'api-version': '2025-10-11' } },
    ],
    [operations.getCustomerUserSeats, seats('contoso', '2048'), 401, { headers: tokenless }],
    [operations.getCustomerUserSeats, seats('contoso', '3'), 400],
    [operations.getCustomerUserSeats, seats('nobody', '1'), 404],
    [operations.getCustomerUserSeats, seats('contoso', '1'.repeat(300)), 414],
    [operations.getCustomerUserSeats, seats('contoso', '1'), 431, { headers: { x: 'a'.repeat(17_000) } }],
    [operations.listSeats, '/api/v1/seats', 200],
    [operations.listSeats, '/api/v1/seats?limit=1', 200],
    [operations.listSeats, '/api/v1/seats?limit=0&x=1', 400],
    [
      operations.importLines,
      '/api/v1/import',
      200,
      { headers: csv, body: 'customerId,productType,seats\ncontoso,1,2\n' },
    ],
    [
      operations.importLines,
      '/api/v1/import?replace=true',
      200,
      { headers: csv, body: 'customerId,productType,seats\ncontoso,1,2\n' },
    ],
    [operations.importLines, '/api/v1/import', 400, { headers: csv, body: 'x' }],
    [operations.importLines, '/api/v1/import', 415, { headers: json, body: '{}' }],
    [operations.createApp, '/api/v1/apps', 201, { headers: json, body: JSON.stringify(registration) }],
    [
      operations.createApp,
      '/api/v1/apps',
      201,
      { headers: json, body: JSON.stringify({ ...registration, customers: ['contoso'] }) },
    ],
    [operations.createApp, '/api/v1/apps', 400, { headers: json, body: '{}' }],
    [operations.listApps, '/api/v1/apps', 200],
    [operations.deleteApp, '/api/v1/apps/nobody', 404],
    [operations.issueToken, '/connect/token', 200, { headers: tokenless, body: credentials }],
    [
      operations.issueToken,
      '/connect/token',
      400,
      { headers: tokenless, body: new URLSearchParams({ grant_type: 'password' }) },
    ],
    [operations.getOpenIdConfiguration, '/.well-known/openid-configuration', 200],
    [operations.getAuthorizationServerMetadata, '/.well-known/oauth-authorization-server', 200],
    [operations.getJsonWebKeySet, '/.well-known/jwks.json', 200],
    [operations.getOpenApiDocument, '/openapi.json', 200],
    [operations.describeProblem, '/problems/customer_not_found', 200],
    [operations.describeProblem, '/problems/nothing', 404],
  ];
  for (const [operation, path, status, init = {}] of asked) {
    test(`for ${operation.method} ${path.slice(0, 100)} with ${status}`, async () => {
      const headers = new Headers(init.headers);
      if (headers.get('authorization') === '') headers.delete('authorization');
      else headers.set('authorization', `Bearer ${await server.token(server.admin)}`);
      const response = await server.request(path, { ...init, method: operation.method, headers });
      assert.equal(response.status, status);
      assertPromised(documentedOf(operation), await readAnswer(response));
    });
  }
});

describe('the page of a problem', () => {
  for (const [code, { status, title, remedy }] of Object.entries(problems)) {
    test(`is where the problem ${code} says it is, with its remedy`, async () => {
      const response = await server.request(`/problems/${code}`);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { code, status, title, remedy });
    });
  }

  for (const code of ['nothing', 'toString', '__proto__', '%20']) {
    test(`of ${code} is not there`, async () => {
      await assertProblem(await server.request(`/problems/${code}`), 404, 'route_unknown');
    });
  }
});
