/** oauth4webapi, as its examples have it; it also checks the token as a resource server of RFC 9068 would. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { startProduct, temporaryFolder } from '../product.ts';
import { seatQuestion } from './seatQuestion.ts';

const folder = await temporaryFolder();
const product = await startProduct(folder.path, { args: ['--sample'] });
after(async () => {
  await product[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
assert.ok(product.sampleApp);

const { url } = product;
const { clientId, clientSecret } = product.sampleApp;
const client: oauth.Client = { client_id: clientId };
const issuer = new URL(url);
// The product listens on http here; a proxy in front of it would speak https.
const insecure = { [oauth.allowInsecureRequests]: true };

async function discover(algorithm: 'oauth2' | 'oidc'): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(issuer, { algorithm, ...insecure });
  return oauth.processDiscoveryResponse(issuer, response);
}

async function grant(
  server: oauth.AuthorizationServer,
  proof: oauth.ClientAuth,
  scope = 'elements.license.read.all',
) {
  const response = await oauth.clientCredentialsGrantRequest(server, client, proof, { scope }, insecure);
  return oauth.processClientCredentialsResponse(server, client, response);
}

const ways = {
  client_secret_post: oauth.ClientSecretPost,
  client_secret_basic: oauth.ClientSecretBasic,
};
for (const [way, prove] of Object.entries(ways)) {
  describe(`oauth4webapi with ${way}`, () => {
    for (const algorithm of ['oauth2', 'oidc'] as const) {
      test(`discovers the server by ${algorithm}, gets a token and asks for seats`, async () => {
        const server = await discover(algorithm);
        assert.ok(server.token_endpoint_auth_methods_supported?.includes(way));
        const token = await grant(server, prove(clientSecret));
        assert.equal(token.expires_in, 3600);
        const response = await oauth.protectedResourceRequest(
          token.access_token,
          'GET',
          new URL(seatQuestion.path, url),
          undefined,
          undefined,
          insecure,
        );
        assert.deepEqual(await response.json(), seatQuestion.answer);
      });
    }

    test('gets a token that a resource server of RFC 9068 accepts with the published keys', async () => {
      const server = await discover('oauth2');
      const token = await grant(server, prove(clientSecret));
      const request = new Request(url, { headers: { authorization: `Bearer ${token.access_token}` } });
      const claims = await oauth.validateJwtAccessToken(server, request, url, insecure);
      assert.equal(claims.client_id, clientId);
      assert.equal(claims.sub, clientId);
      assert.equal(claims.scope, 'elements.license.read.all');
      assert.equal(claims.exp - claims.iat, 3600);
    });

    test('understands that a scope is refused', async () => {
      const server = await discover('oauth2');
      await assert.rejects(
        grant(server, prove(clientSecret), 'seatledger.admin'),
        (error) => error instanceof oauth.ResponseBodyError && error.error === 'invalid_scope',
      );
    });
  });
}

test('oauth4webapi understands the challenges that a request without or with a bad token gets', async () => {
  for (const [headers, error] of [
    [{}, undefined],
    [{ authorization: 'Bearer bad' }, 'invalid_token'],
  ] as const) {
    await assert.rejects(
      oauth.protectedResourceRequest(
        'bad',
        'GET',
        new URL(seatQuestion.path, url),
        new Headers(),
        undefined,
        {
          ...insecure,
          [oauth.customFetch]: (target: string) => fetch(target, { headers }),
        },
      ),
      (failure) => {
        assert.ok(failure instanceof oauth.WWWAuthenticateChallengeError);
        assert.equal(failure.status, 401);
        assert.deepEqual(
          failure.cause.map(({ scheme, parameters }) => [scheme, parameters.error]),
          [['bearer', error]],
        );
        return true;
      },
    );
  }
});
