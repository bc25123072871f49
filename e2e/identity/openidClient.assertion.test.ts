/** openid-client with a certificate's key, as its manual has private_key_jwt. */

import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { describe, test } from 'node:test';
import * as client from 'openid-client';
import { type CertifiedApp, serveCertifiedApps } from './certifiedApp.ts';
import { seatQuestion } from './seatQuestion.ts';

const server = await serveCertifiedApps();
const keys = { RS256: 'RSA 2048', PS256: 'RSA 2048', ES256: 'P-256' } as const;
const algorithms = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
} as const;

function discover({ clientId, privateKey, thumbprint }: CertifiedApp, alg: keyof typeof algorithms) {
  const key = createPrivateKey(privateKey).toCryptoKey(algorithms[alg], true, ['sign']);
  return client.discovery(
    new URL(server.url),
    clientId,
    undefined,
    client.PrivateKeyJwt({ key, kid: thumbprint }),
    { execute: [client.allowInsecureRequests] },
  );
}

for (const alg of ['RS256', 'PS256', 'ES256'] as const) {
  describe(`openid-client with private_key_jwt by ${alg}`, async () => {
    const app = await server.register(keys[alg]);

    test('gets a token and asks for seats', async () => {
      const config = await discover(app, alg);
      const metadata = config.serverMetadata();
      assert.ok(metadata.token_endpoint_auth_methods_supported?.includes('private_key_jwt'));
      assert.ok(metadata.token_endpoint_auth_signing_alg_values_supported?.includes(alg));
      const token = await client.clientCredentialsGrant(config);
      assert.equal(token.scope, 'elements.license.read.all');
      const answer = await client.fetchProtectedResource(
        config,
        token.access_token,
        new URL(seatQuestion.path, server.url),
        'GET',
      );
      assert.deepEqual(await answer.json(), seatQuestion.answer);
    });

    test('introspects its token, revokes it, and is told that it is not active any more', async () => {
      const config = await discover(app, alg);
      const { access_token: token } = await client.clientCredentialsGrant(config);
      const told = await client.tokenIntrospection(config, token);
      assert.deepEqual([told.active, told.client_id], [true, app.clientId]);
      await client.tokenRevocation(config, token);
      assert.deepEqual(await client.tokenIntrospection(config, token), { active: false });
    });

    test("is refused with another app's key", async () => {
      const other = await server.register(keys[alg]);
      const config = await discover({ ...app, privateKey: other.privateKey }, alg);
      await assert.rejects(
        client.clientCredentialsGrant(config),
        (error) => error instanceof client.ResponseBodyError && error.error === 'invalid_client',
      );
    });
  });
}
