/** No assertion but one that a client signed, as it spelled it, is taken: whatever is done to one. */

import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type AssertionAlgorithm,
  hmacOf,
  type Json,
  makeAssertion,
  signatureOf,
} from '../testing/assertions.ts';
import { runs } from '../testing/campaign.ts';
import { makeCertificate } from '../testing/certificates.ts';
import { issuer } from '../testing/identity.ts';
import {
  type Mutation,
  partsOf,
  respelled,
  rewritten,
  signatureBit,
  type Signatures,
} from '../testing/mutations.ts';
import { someDay } from '../testing/store.ts';
import { createAssertionCheck, readAssertion } from './assertions.ts';
import { readCertificate } from './certificates.ts';

/** Of each kind and algorithm: more than a thousand in all, and thirty times as many in a campaign. */
const forgeries = runs(120);
const clientId = '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11';
const certificates = { ES256: makeCertificate(), RS256: makeCertificate({ key: 'RSA 2048' }) };
const strangers = { ES256: makeCertificate(), RS256: makeCertificate({ key: 'RSA 2048' }) };
const keyOf = { ES256: 'ES256', RS256: 'RS256', PS256: 'RS256' } as const;

const kept = await Promise.all(
  Object.entries(certificates).map(([credentialId, { pem }]) =>
    readCertificate(pem, { credentialId, now: someDay, field: '' }),
  ),
);
const check = createAssertionCheck({ clock: { now: () => someDay }, audiences: () => [issuer] });

async function isTaken(text: string): Promise<boolean> {
  const read = readAssertion(text);
  return read !== undefined && (await check(read, kept)) !== undefined;
}

function signaturesFor(alg: AssertionAlgorithm, another: string): Signatures {
  const certificate = certificates[keyOf[alg]];
  const publicKey = createPublicKey(certificate.pem).export({ format: 'pem', type: 'spki' });
  return {
    'the one that was there': (_signed, original) => original,
    none: () => '',
    "a stranger's": (signed) => signatureOf(signed, alg, strangers[keyOf[alg]].privateKey),
    'HMAC with the public key': (signed) => hmacOf(signed, publicKey),
    'HMAC with the certificate': (signed) => hmacOf(signed, certificate.pem),
    'the one of another assertion': () => partsOf(another)[2],
    // What a check that forgets to look at its bounds takes for a signature of anything.
    'nothing but zeros': (_signed, original) =>
      Buffer.alloc(Buffer.from(original, 'base64url').length).toString('base64url'),
  };
}

const claimsChange: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ iss: fc.uuid() }),
  fc.record({ sub: fc.uuid() }),
  fc.record({ jti: fc.string({ minLength: 1 }) }),
  fc.record({ exp: fc.integer({ min: someDay / 1000, max: someDay / 1000 + 3900 }) }),
  fc.record({ aud: fc.constant([issuer]) }),
  fc.record({ nbf: fc.integer({ max: someDay / 1000 }) }),
  fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
);

describe('an assertion is refused', () => {
  for (const alg of ['ES256', 'PS256', 'RS256'] as const) {
    const make = () =>
      makeAssertion({ clientId, audience: issuer, now: someDay, alg, ...certificates[keyOf[alg]] });
    const [assertion, another] = [make(), make()];
    const mutations: Readonly<Record<string, fc.Arbitrary<Mutation>>> = {
      'header and claims': rewritten(claimsChange, signaturesFor(alg, another)),
      spelling: respelled(() => another),
      'signature bits': signatureBit,
    };
    for (const [name, mutation] of Object.entries(mutations)) {
      test(`after somebody without the key changed the ${name} of one with ${alg}`, async () => {
        assert.equal(await isTaken(assertion), true);
        await fc.assert(
          fc.asyncProperty(mutation, async (mutate) => {
            const forged = mutate(assertion);
            fc.pre(forged !== assertion);
            assert.equal(await isTaken(forged), false, forged);
          }),
          { numRuns: forgeries },
        );
      });
    }
  }
});
