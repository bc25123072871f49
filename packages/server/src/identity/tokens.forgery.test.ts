/** No token but one that this server signed, as it spelled it, is taken: whatever is done to one. */

import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { SignJWT } from 'jose';
import { issuer, makeTestTokens, type TestTokens } from '../testing/identity.ts';
import { someDay } from '../testing/store.ts';

const forgeries = runs(300);
const clientId = '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11';
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

let tokens: TestTokens;
let token: string;
let another: string;
let stranger: KeyObject;
before(async () => {
  tokens = await makeTestTokens();
  token = await tokens.issue(clientId, ['elements.license.read.all']);
  another = await tokens.issue(clientId, ['seatledger.read']);
  stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
});

type Json = Record<string, unknown>;
type Parts = [header: string, claims: string, signature: string];
type Mutation = (token: string) => string;

const partsOf = (text: string) => text.split('.') as Parts;
const encoded = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');
const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;
const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);

/** How the forger makes a signature for what they changed. */
const signatures: Record<string, (signed: string, original: string) => string> = {
  'the one that was there': (_signed, original) => original,
  none: () => '',
  "a stranger's": (signed) => sign('RSA-SHA256', Buffer.from(signed), stranger).toString('base64url'),
  'HMAC with the public key': (signed) =>
    createHmac('sha256', String(tokens.keys.publicJwks[0]?.n)).update(signed).digest('base64url'),
  'the one of another token': () => partsOf(another)[2],
};

const headerChange = fc.oneof(
  fc.record({
    alg: fc.constantFrom('none', 'None', 'HS256', 'RS384', 'RS512', 'PS256', 'ES256', 'rs256', '', null),
  }),
  fc.record({ typ: fc.constantFrom('JWT', 'at', '', null, 7) }),
  fc.record({ kid: fc.oneof(fc.string(), fc.constantFrom(null, 7, '../../etc/passwd', '__proto__')) }),
  fc.record({ jku: fc.webUrl() }),
  fc.constant({ jwk: { kty: 'oct', k: 'AAAA' } }),
  fc.constant({ crit: ['b64'], b64: false }),
  fc.record({ zip: fc.constant('DEF') }),
);
const claimsChange = fc.oneof(
  fc.record({ client_id: fc.uuid() }),
  fc.record({ sub: fc.uuid() }),
  fc.record({
    scope: fc.constantFrom('seatledger.admin', 'elements.license.read.all seatledger.admin', '', null),
  }),
  fc.record({ exp: fc.integer({ min: someDay / 1000 + 3601, max: 2 ** 40 }) }),
  fc.record({ iss: fc.webUrl() }),
  fc.record({ aud: fc.oneof(fc.webUrl(), fc.array(fc.webUrl())) }),
  fc.record({ nbf: fc.integer() }),
  fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
);

const rewritten: fc.Arbitrary<Mutation> = fc
  .record({
    header: fc.option(headerChange, { nil: {} }),
    claims: fc.option(claimsChange, { nil: {} }),
    signature: fc.constantFrom(...Object.keys(signatures)),
  })
  .map(({ header, claims, signature }) => (text) => {
    const [oldHeader, oldClaims, oldSignature] = partsOf(text);
    const signed = `${encoded({ ...decoded(oldHeader), ...header })}.${encoded({ ...decoded(oldClaims), ...claims })}`;
    return `${signed}.${signatures[signature]?.(signed, oldSignature)}`;
  });

const index = fc.nat(10_000);
const letter = fc.constantFrom(...alphabet.split(''));
/** Other characters, or the same ones put otherwise. */
const respelled: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(index, letter).map(
    ([at, by]) =>
      (text: string) =>
        replaced(text, at % text.length, by),
  ),
  fc.tuple(index, letter).map(
    ([at, by]) =>
      (text: string) =>
        text.slice(0, at % text.length) + by + text.slice(at % text.length),
  ),
  index.map((at) => (text: string) => replaced(text, at % text.length, '')),
  index.map((at) => (text: string) => text.slice(0, at % text.length)),
  fc.tuple(index, fc.constantFrom(' ', '\n', '\t', '=', '.', '~', '+', '/', '%', '\0', 'é')).map(
    ([at, by]) =>
      (text: string) =>
        text.slice(0, at % (text.length + 1)) + by + text.slice(at % (text.length + 1)),
  ),
  // The last character of a 2048-bit signature carries two bits: sixteen characters spell them.
  fc.integer({ min: 1, max: 15 }).map((stray) => (text: string) => {
    const last = alphabet.indexOf(text.at(-1) ?? '');
    return text.slice(0, -1) + alphabet[last ^ stray];
  }),
  fc.constantFrom<Mutation[]>(
    (text) => `${text}=`,
    (text) => `${text}==`,
    (text) => text.replaceAll('-', '+').replaceAll('_', '/'),
    (text) => text.toUpperCase(),
    (text) => `${text}.`,
    (text) => `.${text}`,
    (text) => text.split('.').toReversed().join('.'),
    (text) => partsOf(text).slice(0, 2).join('.'),
    (text) => [partsOf(text)[0], partsOf(another)[1], partsOf(text)[2]].join('.'),
    (text) => `${text}${text}`,
    () => '',
    () => '..',
  ),
);

const signatureBits: fc.Arbitrary<Mutation> = fc.nat(2047).map((bit) => (text) => {
  const [header, claims, signature] = partsOf(text);
  const bytes = Buffer.from(signature, 'base64url');
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return `${header}.${claims}.${bytes.toString('base64url')}`;
});

describe('a token is refused', () => {
  const mutations = { 'header and claims': rewritten, spelling: respelled, 'signature bits': signatureBits };
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
        .sign(tokens.keys.current.privateKey);
      assert.deepEqual(await tokens.verify(signed), { refused });
    });
  }
});
