/** No token but one that this server signed, as it spelled it, is taken: whatever is done to one. */

import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { hmacOf, type Json } from '../testing/assertions.ts';
import { runs } from '../testing/campaign.ts';
import { issuer, makeTestTokens, type TestTokens } from '../testing/identity.ts';
import {
  decoded,
  type Mutation,
  partsOf,
  respelled,
  rewritten,
  signatureBit,
  type Signatures,
} from '../testing/mutations.ts';
import { someDay } from '../testing/store.ts';

/** Of each kind: more than a thousand in all, and thirty times as many in a campaign. */
const forgeries = runs(350);
const got = {
  clientId: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
  credentialId: '1f0a52f8-52fd-4a0a-8a2b-4ad0a4c3a3f0',
};

let tokens: TestTokens;
let token: string;
let another: string;
let stranger: KeyObject;
before(async () => {
  tokens = await makeTestTokens();
  token = await tokens.issue(got, ['elements.license.read.all']);
  another = await tokens.issue(got, ['seatledger.read']);
  stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
});

const signatures: Signatures = {
  'the one that was there': (_signed, original) => original,
  none: () => '',
  "a stranger's": (signed) => sign('RSA-SHA256', Buffer.from(signed), stranger).toString('base64url'),
  'HMAC with the public key': (signed) => hmacOf(signed, String(tokens.keys.publicJwks()[0]?.n)),
  'the one of another token': () => partsOf(another)[2],
};

const claimsChange: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ client_id: fc.uuid() }),
  fc.record({ credential_id: fc.uuid() }),
  fc.record({ sub: fc.uuid() }),
  fc.record({ jti: fc.uuid() }),
  fc.record({
    scope: fc.constantFrom('seatledger.admin', 'elements.license.read.all seatledger.admin', '', null),
  }),
  fc.record({ exp: fc.integer({ min: someDay / 1000 + 3601, max: 2 ** 40 }) }),
  fc.record({ iss: fc.webUrl() }),
  fc.record({ aud: fc.oneof(fc.webUrl(), fc.array(fc.webUrl())) }),
  fc.record({ nbf: fc.integer() }),
  fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
);

describe('a token is refused', () => {
  const mutations: Readonly<Record<string, fc.Arbitrary<Mutation>>> = {
    'header and claims': rewritten(claimsChange, signatures),
    spelling: respelled(() => another),
    'signature bits': signatureBit,
  };
  for (const [name, mutation] of Object.entries(mutations)) {
    test(`after somebody without the key changed its ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(mutation, async (mutate) => {
          const forged = mutate(token);
          fc.pre(forged !== token);
          assert.deepEqual(await tokens.verify(forged), { refused: 'token_invalid' });
          assert.equal(tokens.remembered(forged), undefined);
        }),
        { numRuns: forgeries },
      );
    });
  }

  /** What no forger can sign, but a mistake of ours could. */
  const misissued: Record<string, { header?: Json; claims?: Json; refused?: string }> = {
    'the type of an ID token': { header: { typ: 'JWT' } },
    'no type': { header: { typ: undefined } },
    'no key id': { header: { kid: undefined } },
    'a key id that is not known': { header: { kid: 'unknown' } },
    'another issuer': { claims: { iss: 'https://elsewhere.example.com' } },
    'an issuer with a slash at its end': { claims: { iss: `${issuer}/` } },
    'no issuer': { claims: { iss: undefined } },
    'another audience': { claims: { aud: 'https://elsewhere.example.com' } },
    'other audiences': { claims: { aud: ['https://elsewhere.example.com', `${issuer}/`] } },
    'no audience': { claims: { aud: undefined } },
    'no subject': { claims: { sub: undefined } },
    'no id': { claims: { jti: undefined } },
    'an id that is no text': { claims: { jti: 7 } },
    'no time at which it was issued': { claims: { iat: undefined } },
    'no credential': { claims: { credential_id: undefined } },
    'a credential that is no text': { claims: { credential_id: 7 } },
    'no client': { claims: { client_id: undefined } },
    'a client that is no text': { claims: { client_id: 7 } },
    'no scope': { claims: { scope: undefined } },
    'a scope that is a list': { claims: { scope: ['elements.license.read.all'] } },
    'no end': { claims: { exp: undefined } },
    'an end that is a text': { claims: { exp: String(someDay / 1000 + 3600) } },
    'a beginning that is to come': { claims: { nbf: someDay / 1000 + 1 } },
    'an end that is now': { claims: { exp: someDay / 1000 }, refused: 'token_expired' },
  };
  for (const [name, { header = {}, claims = {}, refused = 'token_invalid' }] of Object.entries(misissued)) {
    test(`that is signed with the server's own key and has ${name}`, async () => {
      const [oldHeader, oldClaims] = partsOf(token);
      const signed = await new SignJWT({ ...decoded(oldClaims), ...claims })
        .setProtectedHeader({ ...decoded(oldHeader), alg: 'RS256', ...header })
        .sign(tokens.keys.signing().privateKey);
      assert.deepEqual(await tokens.verify(signed), { refused });
    });
  }
});
