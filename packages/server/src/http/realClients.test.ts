/** Every way in which the other known clients of the partner API break, on this server. */

import assert from 'node:assert/strict';
import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { after, describe, test } from 'node:test';
import type { CreatedAppRegistration, PartnerCustomerPage } from '@seatledger/contract';
import { assertProblem } from '../testing/answers.ts';
import { makeAssertion } from '../testing/assertions.ts';
import { makeCertificate } from '../testing/certificates.ts';
import { partnerCustomers } from '../testing/partnerContract.ts';
import { sendAs } from '../testing/send.ts';
import { startTestServer, type TestApp } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
for (const customerId of ['a', 'b', 'c']) await send('POST', '/api/v1/customers', { body: { customerId } });
await send('PUT', '/api/v1/customers/a/tenants/t1', {
  body: { type: 0, name: 't', availableSeats: 1, assignedSeats: 2 },
  headers: { 'if-match': '*' },
});

async function tokenAnswer(form: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form });
  const answer = await fetch(`${server.url}/connect/token`, { method: 'POST', body });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as Record<string, unknown>;
}
const secretOf = ({ clientId, clientSecret }: TestApp) => ({
  client_id: clientId,
  client_secret: clientSecret,
});

describe('the C# samples', () => {
  /** The default policy of the helper library that they use. */
  test('find the issuer to be the authority, every endpoint below it, and the keys where they are said to be', async () => {
    const authority = server.url;
    const answer = await fetch(`${authority}/.well-known/openid-configuration`);
    const document = (await answer.json()) as Record<string, unknown>;
    assert.equal(document['issuer'], authority);
    const endpoints = Object.entries(document).filter(([name]) => /_endpoint$|_uri$/.test(name));
    assert.ok(endpoints.length >= 3);
    for (const [name, endpoint] of endpoints) assert.ok(String(endpoint).startsWith(`${authority}/`), name);
    const keys = await fetch(String(document['jwks_uri']));
    assert.equal(keys.status, 200);
    assert.ok(((await keys.json()) as { keys: unknown[] }).keys.length > 0);
  });

  test('get a token with an assertion for the endpoint that was discovered, without client id and scope', async () => {
    const certificate = makeCertificate({ key: 'RSA 2048' });
    const body = {
      name: 'sample',
      permissions: ['elements.license.read.all'],
      certificates: [certificate.pem],
    };
    const { clientId } = (await (
      await send('POST', '/api/v1/apps', { body })
    ).json()) as CreatedAppRegistration;
    const thumbprint = createHash('sha1').update(new X509Certificate(certificate.pem).raw).digest('hex');
    const assertion = makeAssertion({
      clientId,
      audience: `${server.url}/connect/token`,
      privateKey: certificate.privateKey,
      now: server.now(),
      alg: 'RS256',
      header: { kid: thumbprint.toUpperCase() },
      claims: { jti: randomUUID() },
    });
    const token = await tokenAnswer({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    assert.equal(token['scope'], 'elements.license.read.all');
    const authorization = `Bearer ${String(token['access_token'])}`;
    const seats = await server.request(`${partnerCustomers}/a/avpt-products/type/2048/overview`, {
      headers: { authorization },
    });
    assert.deepEqual(await seats.json(), { productType: 2048, availableUserSeat: 0 });
  });
});

describe('the TypeScript dashboards', () => {
  test('get expires_in as a number', async () => {
    assert.equal(typeof (await tokenAnswer(secretOf(server.admin)))['expires_in'], 'number');
  });

  test('send {} as a body', async () => {
    for (const path of ['batch', 'services/batch', 'a/3rd-party-products/type/0/tenants/batch']) {
      const answer = await send('POST', `${partnerCustomers}/${path}`, { body: {} });
      assert.ok(Array.isArray(((await answer.json()) as { data: unknown }).data));
    }
  });

  test('send an empty body with the content type of JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await send('POST', `${partnerCustomers}/batch`, { headers });
    assert.equal(((await answer.json()) as PartnerCustomerPage).metadata.totalCount, 3);
  });

  test('send their paging in the body, where it counts', async () => {
    const answer = await send('POST', `${partnerCustomers}/batch`, { body: { pageIndex: 2, pageSize: 2 } });
    const { data, metadata } = (await answer.json()) as PartnerCustomerPage;
    assert.deepEqual([data.length, metadata], [1, { pageIndex: 2, pageSize: 2, totalCount: 3 }]);
  });

  test('are told that a page of 200 is too large, and not given another without a word', async () => {
    const answer = await send('POST', `${partnerCustomers}/batch`, { body: { pageSize: 200 } });
    const { errors } = await assertProblem(answer, 400, 'body_invalid');
    assert.deepEqual(errors, [{ field: 'pageSize', code: 'value_invalid', message: 'It must be <= 100.' }]);
  });

  test('are told that customerId is customerIds, and not given the services of every customer', async () => {
    const answer = await send('POST', `${partnerCustomers}/services/batch`, { body: { customerId: 'a' } });
    const { errors } = await assertProblem(answer, 400, 'body_invalid');
    assert.deepEqual(errors, [
      {
        field: 'customerId',
        code: 'field_unknown',
        message: 'There is no such field. Did you mean customerIds?',
      },
    ]);
  });

  test('find the message of an error at its top level, as a text', async () => {
    for (const [method, path] of [
      ['GET', '/partner/external/v3/general/products/overview'],
      ['POST', '/partner/external/v3/general/third-party-products/tenants/batch'],
    ] as const) {
      const answer = await send(method, path);
      assert.equal(answer.status, 404);
      const { message, code } = (await answer.json()) as { message: unknown; code: unknown };
      assert.deepEqual([typeof message, code], ['string', 'route_unknown']);
    }
  });

  test('may ask for eleven things at once', async () => {
    const paths = Array.from({ length: 11 }, () => `${partnerCustomers}/services/batch`);
    const answers = await Promise.all(paths.map((path) => send('POST', path)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  });
});

describe('the planned pipeline', () => {
  test('gets one token for its four scopes, and the tenants of customers with the body {}', async () => {
    const scopes = [
      'elements.customers.read.all',
      'elements.license.read.all',
      'elements.jobs.read.all',
      'elements.cbprotected.read.all',
    ] as const;
    const app = await server.createApp({ permissions: [...scopes] });
    const token = await tokenAnswer({ ...secretOf(app), scope: scopes.join(' ') });
    const answer = await fetch(`${server.url}${partnerCustomers}/batch`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${String(token['access_token'])}`,
        'content-type': 'application/json',
      },
      body: '{}',
    });
    const { data } = (await answer.json()) as PartnerCustomerPage;
    assert.deepEqual(
      data.flatMap(({ tenants }) => tenants.map(({ id }) => id)),
      ['t1'],
    );
  });
});

describe('the PHP client', () => {
  test('keeps a token for 3,500 seconds, whatever it was told, and is still let in', async () => {
    const now = server.now();
    const { access_token: token } = await tokenAnswer(secretOf(server.admin));
    try {
      server.setNow(now + 3_500_000);
      const headers = { authorization: `Bearer ${String(token)}` };
      const answer = await server.request(`${partnerCustomers}/batch`, { method: 'POST', headers });
      assert.equal(answer.status, 200);
    } finally {
      server.setNow(Date.now());
    }
  });

  test('is told that pages are counted from 1', async () => {
    await assertProblem(
      await send('POST', `${partnerCustomers}/batch?pageIndex=0`),
      400,
      'parameter_invalid',
    );
  });
});

describe('the cmdlets of the vendor', () => {
  test('are told that their older paths are not here, each with a message', async () => {
    for (const path of ['/partner/customers', '/partner/services', '/partner/api/V1.1/Services'])
      await assertProblem(await send('GET', path), 404, 'route_unknown');
  });
});
