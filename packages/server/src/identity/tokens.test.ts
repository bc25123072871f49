import assert from 'node:assert/strict';
import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { describe, test } from 'node:test';
import { issuer, makeTestTokens } from '../testing/identity.ts';
import { someDay } from '../testing/store.ts';

const got = {
  clientId: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
  credentialId: '1f0a52f8-52fd-4a0a-8a2b-4ad0a4c3a3f0',
};
const permissions = ['elements.license.read.all', 'seatledger.read'] as const;
const partsOf = (token: string) => token.split('.') as [header: string, claims: string, signature: string];
const jsonOf = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

describe('an access token', () => {
  test('has the header of RFC 9068 section 2.1 and the claims of section 2.2, the credential, and no others', async () => {
    const tokens = await makeTestTokens();
    tokens.now = someDay + 999;
    const [header, claims] = partsOf(await tokens.issue(got, permissions));
    assert.deepEqual(jsonOf(header), { alg: 'RS256', typ: 'at+jwt', kid: tokens.keys.signing().kid });
    const { jti, ...rest } = jsonOf(claims) as { jti: unknown };
    assert.match(String(jti), /^[\da-f-]{36}$/);
    assert.deepEqual(rest, {
      iss: issuer,
      aud: issuer,
      sub: got.clientId,
      client_id: got.clientId,
      credential_id: got.credentialId,
      iat: someDay / 1000,
      exp: someDay / 1000 + 3600,
      scope: 'elements.license.read.all seatledger.read',
    });
  });

  test('has a signature that cryptography other than ours verifies with the published key', async () => {
    const tokens = await makeTestTokens();
    const [header, claims, signature] = partsOf(await tokens.issue(got, permissions));
    const [jwk] = tokens.keys.publicJwks();
    assert.ok(jwk !== undefined);
    const key = createPublicKey({ format: 'jwk', key: { ...jwk } });
    const signed = Buffer.from(`${header}.${claims}`);
    assert.ok(verifySignature('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url')));
  });

  test('is another one each time, for the same app in the same second', async () => {
    const tokens = await makeTestTokens();
    const issued = await Promise.all([1, 2, 3].map(() => tokens.issue(got, permissions)));
    assert.equal(new Set(issued).size, 3);
  });

  test('says whose it is, which one, what it permits and when it ends', async () => {
    const tokens = await makeTestTokens();
    const token = await tokens.issue(got, permissions);
    assert.deepEqual(await tokens.verify(token), {
      ...got,
      tokenId: (jsonOf(partsOf(token)[1]) as { jti: string }).jti,
      permissions: new Set(permissions),
      issuedAt: someDay,
      expiresAt: someDay + 3_600_000,
    });
  });

  test('is good for 3600 seconds and not a millisecond longer', async () => {
    const tokens = await makeTestTokens();
    const token = await tokens.issue(got, permissions);
    tokens.now = someDay + 3_599_999;
    assert.ok('clientId' in (await tokens.verify(token)));
    tokens.now = someDay + 3_600_000;
    assert.deepEqual(await tokens.verify(token), { refused: 'token_expired' });
  });

  test('of another server with the same public URL is refused', async () => {
    const [tokens, others] = await Promise.all([makeTestTokens(), makeTestTokens()]);
    const token = await others.issue(got, permissions);
    assert.deepEqual(await tokens.verify(token), { refused: 'token_invalid' });
  });
});

describe('what is remembered of tokens', () => {
  test('is what verifying them came to, and only once they were verified', async () => {
    const tokens = await makeTestTokens();
    const token = await tokens.issue(got, permissions);
    assert.equal(tokens.remembered(token), undefined);
    const check = await tokens.verify(token);
    assert.deepEqual(tokens.remembered(token), check);
  });

  test('is nothing of a token that was refused', async () => {
    const tokens = await makeTestTokens();
    const token = `${await tokens.issue(got, permissions)}AA`;
    assert.deepEqual(await tokens.verify(token), { refused: 'token_invalid' });
    assert.equal(tokens.remembered(token), undefined);
  });

  test('ends with the token, and is then forgotten', async () => {
    const tokens = await makeTestTokens();
    const token = await tokens.issue(got, permissions);
    await tokens.verify(token);
    tokens.now = someDay + 3_599_999;
    assert.ok('clientId' in (tokens.remembered(token) ?? {}));
    tokens.now = someDay + 3_600_000;
    assert.deepEqual(tokens.remembered(token), { refused: 'token_expired' });
    assert.equal(tokens.remembered(token), undefined);
  });

  test('is nothing any more where it was forgotten, also of what is verified meanwhile', async () => {
    const tokens = await makeTestTokens();
    const [before, meanwhile] = [await tokens.issue(got, permissions), await tokens.issue(got, permissions)];
    await tokens.verify(before);
    const verifying = tokens.verify(meanwhile);
    tokens.forget();
    assert.equal(tokens.remembered(before), undefined);
    assert.ok('clientId' in (await verifying));
    assert.equal(tokens.remembered(meanwhile), undefined);
    await tokens.verify(meanwhile);
    assert.ok('clientId' in (tokens.remembered(meanwhile) ?? {}));
  });

  test('is bounded: the oldest gives way', async () => {
    const tokens = await makeTestTokens({ rememberedMax: 3 });
    const issued = await Promise.all([1, 2, 3, 4, 5].map(() => tokens.issue(got, permissions)));
    for (const token of issued) await tokens.verify(token);
    assert.deepEqual(
      issued.map((token) => tokens.remembered(token) !== undefined),
      [false, false, true, true, true],
    );
  });
});
