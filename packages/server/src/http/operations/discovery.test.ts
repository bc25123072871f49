import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const publicUrl = 'https://seats.example.com';
const local = await startTestServer();
const remote = await startTestServer({ publicUrl });
after(async () => {
  await local.stop();
  await remote.stop();
});

const documents = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
const jwksPath = '/.well-known/jwks.json';

/** What a request can say of the host it means; the proxy in front may have left any of it in. */
const forged = {
  host: 'evil.example.net:666',
  forwarded: 'host=evil.example.net;proto=https',
  'x-forwarded-host': 'evil.example.net',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '666',
  'x-original-host': 'evil.example.net',
};

type Json = Record<string, unknown>;

/** `fetch` sends no Host header but its own. */
async function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string> },
  body = '',
): Promise<Json> {
  const asking = request(url, options).end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return (await json(response)) as Json;
}

function tokenUnder(url: string, app: TestApp): Promise<Json> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
  const headers = { ...forged, 'content-type': 'application/x-www-form-urlencoded' };
  return ask(`${url}/connect/token`, { method: 'POST', headers }, form.toString());
}

const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const algorithms = ['RS256', 'PS256', 'ES256'];

function metadataOf(origin: string): Json {
  return {
    issuer: origin,
    token_endpoint: `${origin}/connect/token`,
    jwks_uri: `${origin}/.well-known/jwks.json`,
    scopes_supported: permissions,
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint: `${origin}/connect/revocation`,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
    introspection_endpoint: `${origin}/connect/introspect`,
    introspection_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    service_documentation: `${origin}/openapi.json`,
  };
}

describe('the server metadata', () => {
  for (const path of documents) {
    test(`at ${path} is made of where the server listens, where nothing else is configured`, async () => {
      assert.deepEqual(await (await local.request(path)).json(), metadataOf(local.url));
    });

    test(`at ${path} is made of the configured public URL`, async () => {
      assert.deepEqual(await (await remote.request(path)).json(), metadataOf(publicUrl));
    });

    test(`at ${path} follows no header of the request`, async () => {
      assert.deepEqual(await ask(`${local.url}${path}`, { headers: forged }), metadataOf(local.url));
      assert.deepEqual(await ask(`${remote.url}${path}`, { headers: forged }), metadataOf(publicUrl));
    });
  }

  test('is JSON, open to everybody', async () => {
    for (const path of [...documents, jwksPath]) {
      const response = await local.request(path);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
      await response.arrayBuffer();
    }
  });

  test('names endpoints that are there', async () => {
    const metadata = metadataOf(local.url);
    assert.equal((await fetch(String(metadata['jwks_uri']))).status, 200);
    assert.equal((await fetch(String(metadata['service_documentation']))).status, 200);
    for (const name of ['token_endpoint', 'revocation_endpoint', 'introspection_endpoint'])
      assert.equal((await fetch(String(metadata[name]), { method: 'POST' })).status, 400);
  });
});

describe('a token', () => {
  test('is issued by and for the public URL, whatever the request says of the host', async () => {
    for (const [server, origin] of [
      [local, local.url],
      [remote, publicUrl],
    ] as const) {
      const { access_token: token } = await tokenUnder(server.url, server.admin);
      const { iss, aud } = claimsOf(String(token));
      assert.deepEqual([iss, aud], [origin, origin]);
      const response = await fetch(`${server.url}/api/v1/apps`, {
        headers: { authorization: `Bearer ${String(token)}` },
      });
      assert.equal(response.status, 200);
    }
  });

  test('of one server is not taken by another', async () => {
    const token = await remote.token(remote.admin);
    const response = await local.request('/api/v1/apps', { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 401);
  });
});

describe('the key set', () => {
  const keys = async () => ((await (await local.request(jwksPath)).json()) as { keys: Json[] }).keys;

  test('has the key that verifies the tokens, by the key id in their header', async () => {
    const token = await local.token(local.admin);
    const [header = '', claims = '', signature = ''] = token.split('.');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Json;
    const key = (await keys()).find((each) => each['kid'] === kid);
    assert.ok(key !== undefined);
    const signed = Buffer.from(`${header}.${claims}`);
    const publicKey = createPublicKey({ format: 'jwk', key });
    assert.ok(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url')));
  });

  test('has the members of public keys and no others', async () => {
    const published = await keys();
    assert.ok(published.length > 0);
    for (const { kid, n, ...rest } of published) {
      assert.equal(typeof kid, 'string');
      assert.equal(Buffer.from(String(n), 'base64url').length, 256);
      assert.deepEqual(rest, { kty: 'RSA', e: 'AQAB', use: 'sig', alg: 'RS256' });
    }
  });

  test('follows no header of the request', async () => {
    assert.deepEqual(await ask(`${local.url}${jwksPath}`, { headers: forged }), { keys: await keys() });
  });
});

function claimsOf(token: string): Json {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Json;
}
