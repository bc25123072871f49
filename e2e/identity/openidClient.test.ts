/** openid-client, as its manual has it: discovery, the client credentials grant, a request with the token. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import * as client from 'openid-client';
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
const ways = { client_secret_post: client.ClientSecretPost, client_secret_basic: client.ClientSecretBasic };
/** Where the library looks for the metadata. */
const algorithms = ['oidc', 'oauth2'] as const;

function discover(way: keyof typeof ways, secret: string, algorithm: (typeof algorithms)[number] = 'oidc') {
  // The product listens on http here; a proxy in front of it would speak https.
  return client.discovery(new URL(url), clientId, undefined, ways[way](secret), {
    algorithm,
    execute: [client.allowInsecureRequests],
  });
}

for (const way of ['client_secret_post', 'client_secret_basic'] as const) {
  describe(`openid-client with ${way}`, () => {
    for (const algorithm of algorithms) {
      test(`discovers the server by ${algorithm}, gets a token and asks for seats`, async () => {
        const config = await discover(way, clientSecret, algorithm);
        assert.equal(config.serverMetadata().issuer, url);
        const scope = 'elements.license.read.all';
        const token = await client.clientCredentialsGrant(config, { scope });
        assert.equal(token.token_type, 'bearer');
        assert.equal(token.expires_in, 3600);
        assert.equal(token.scope, scope);
        const response = await client.fetchProtectedResource(
          config,
          token.access_token,
          new URL(seatQuestion.path, url),
          'GET',
        );
        assert.equal(response.status, 200);
        assert.deepEqual(await response.json(), seatQuestion.answer);
      });
    }

    test('gets all that the app holds where it asks for no scope', async () => {
      const token = await client.clientCredentialsGrant(await discover(way, clientSecret));
      assert.equal(token.scope, 'elements.license.read.all seatledger.read');
    });

    test('understands that a scope is refused', async () => {
      const config = await discover(way, clientSecret);
      await assert.rejects(
        client.clientCredentialsGrant(config, { scope: 'seatledger.admin' }),
        (error) =>
          error instanceof client.ResponseBodyError &&
          error.error === 'invalid_scope' &&
          error.status === 400,
      );
    });
  });
}

describe('a wrong secret', () => {
  test('in the form is 400 invalid_client to openid-client', async () => {
    const config = await discover('client_secret_post', 'wrong');
    await assert.rejects(
      client.clientCredentialsGrant(config),
      (error) =>
        error instanceof client.ResponseBodyError && error.error === 'invalid_client' && error.status === 400,
    );
  });

  test('by Basic is a 401 with a Basic challenge to openid-client', async () => {
    const config = await discover('client_secret_basic', 'wrong');
    await assert.rejects(
      client.clientCredentialsGrant(config),
      (error) =>
        error instanceof client.WWWAuthenticateChallengeError &&
        error.status === 401 &&
        error.cause[0]?.scheme === 'basic',
    );
  });
});
