/** oauth4webapi with a certificate's key; it also holds the answers of revocation and introspection against RFC 7009 and RFC 7662. */

import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { serveCertifiedApps } from './certifiedApp.ts';
import { seatQuestion } from './seatQuestion.ts';

const { url, register } = await serveCertifiedApps();
const app = await register('RSA 2048');
const issuer = new URL(url);
// The product listens on http here; a proxy in front of it would speak https.
const insecure = { [oauth.allowInsecureRequests]: true };
const discovered = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
const server = await oauth.processDiscoveryResponse(issuer, discovered);
const client: oauth.Client = { client_id: app.clientId };
const key = createPrivateKey(app.privateKey).toCryptoKey(
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  true,
  ['sign'],
);

async function grant(proof: oauth.ClientAuth) {
  const answer = await oauth.clientCredentialsGrantRequest(server, client, proof, {}, insecure);
  return oauth.processClientCredentialsResponse(server, client, answer);
}

test('oauth4webapi gets a token by an assertion, with and without the id of the key, and asks for seats', async () => {
  for (const proof of [oauth.PrivateKeyJwt(key), oauth.PrivateKeyJwt({ key, kid: app.thumbprint })]) {
    const { access_token: token } = await grant(proof);
    const path = new URL(seatQuestion.path, url);
    const answer = await oauth.protectedResourceRequest(token, 'GET', path, undefined, undefined, insecure);
    assert.deepEqual(await answer.json(), seatQuestion.answer);
  }
});

test('oauth4webapi addresses the token endpoint where it is told to, and is taken', async () => {
  const proof = oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion](_header: unknown, payload: Record<string, unknown>) {
      payload['aud'] = server.token_endpoint;
    },
  });
  assert.equal((await grant(proof)).token_type, 'bearer');
});

test('oauth4webapi introspects and revokes the token that it got', async () => {
  const proof = oauth.PrivateKeyJwt(key);
  const { access_token: token } = await grant(proof);
  const introspect = async () =>
    oauth.processIntrospectionResponse(
      server,
      client,
      await oauth.introspectionRequest(server, client, proof, token, insecure),
    );
  const told = await introspect();
  assert.equal(told.active, true);
  assert.equal(told.iss, url);
  const revoked = await oauth.revocationRequest(server, client, proof, token, insecure);
  assert.equal(await oauth.processRevocationResponse(revoked), undefined);
  assert.deepEqual(await introspect(), { active: false });
});

test('oauth4webapi understands that an assertion with a stranger for an audience is refused', async () => {
  const proof = oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion](_header: unknown, payload: Record<string, unknown>) {
      payload['aud'] = [url, 'https://elsewhere.example.com'];
    },
  });
  await assert.rejects(
    grant(proof),
    (error) => error instanceof oauth.ResponseBodyError && error.error === 'invalid_client',
  );
});
