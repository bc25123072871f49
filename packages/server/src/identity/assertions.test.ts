import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { assertionLengthMax } from '@seatledger/contract';
import fc from 'fast-check';
import {
  type AssertionRequest,
  encoded,
  hmacOf,
  type Json,
  makeAssertion,
  signatureOf,
} from '../testing/assertions.ts';
import { runs } from '../testing/campaign.ts';
import { makeCertificate, type TestCertificate } from '../testing/certificates.ts';
import { issuer } from '../testing/identity.ts';
import { someDay } from '../testing/store.ts';
import { createAssertionCheck, readAssertion, type VerifiedAssertion } from './assertions.ts';
import { readCertificate } from './certificates.ts';
import type { ClientCertificate } from './ports.ts';

const clientId = '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11';
const endpoint = `${issuer}/connect/token`;
const ec = makeCertificate();
const rsa = makeCertificate({ key: 'RSA 2048' });
const otherEc = makeCertificate();

let now: number;
beforeEach(() => {
  now = someDay;
});
const check = createAssertionCheck({ clock: { now: () => now }, audiences: () => [issuer, endpoint] });

const keep = (credentialId: string, { pem }: TestCertificate): Promise<ClientCertificate> =>
  readCertificate(pem, { credentialId, now: someDay - 86_400_000, field: '' });
const all = [await keep('ec', ec), await keep('rsa', rsa), await keep('other', otherEc)];

const assertion = (request: Partial<AssertionRequest> = {}): string =>
  makeAssertion({ clientId, audience: endpoint, privateKey: ec.privateKey, now: someDay, ...request });

async function verify(text: string, certificates = all): Promise<VerifiedAssertion | undefined> {
  const read = readAssertion(text);
  return read && (await check(read, certificates));
}
/** The credential that the assertion proves; undefined where it is refused. */
const provenBy = async (text: string, certificates?: ClientCertificate[]) =>
  (await verify(text, certificates))?.credentialId;

const seconds = someDay / 1000;
const hexOf = ({ pem }: TestCertificate, hash: 'fingerprint' | 'fingerprint256') =>
  new X509Certificate(pem)[hash].replaceAll(':', '');
const base64urlOf = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

describe('an assertion', () => {
  test('tells whose it is, by its subject in lower case', () => {
    assert.equal(readAssertion(assertion({ clientId: clientId.toUpperCase() }))?.clientId, clientId);
  });

  test('proves the credential that it is signed with, by its id, until it could not be used any more', async () => {
    assert.deepEqual(await verify(assertion({ claims: { jti: 'one', exp: seconds + 600.25 } })), {
      credentialId: 'ec',
      assertionId: 'one',
      expiresAt: someDay + 600_250 + 300_000,
    });
  });

  for (const alg of ['RS256', 'PS256'] as const) {
    test(`is taken with ${alg} where the certificate has an RSA key, and not where it has another`, async () => {
      assert.equal(await provenBy(assertion({ alg, privateKey: rsa.privateKey })), 'rsa');
      assert.equal(
        await provenBy(assertion({ alg, privateKey: rsa.privateKey }), all.slice(0, 1)),
        undefined,
      );
    });
  }

  test('is taken with ES256 where the certificate has an EC key, and not where it has another', async () => {
    assert.equal(await provenBy(assertion()), 'ec');
    assert.equal(await provenBy(assertion(), all.slice(1)), undefined);
  });

  test('may be written on many lines', async () => {
    assert.equal(await provenBy(assertion({ indent: 2 })), 'ec');
  });

  test('names the client in any case', async () => {
    assert.equal(await provenBy(assertion({ claims: { iss: clientId.toUpperCase() } })), 'ec');
    assert.equal(await provenBy(assertion({ claims: { sub: clientId.toUpperCase() } })), 'ec');
  });
});

describe('the certificate of an assertion', () => {
  const sha1 = hexOf(otherEc, 'fingerprint');
  const sha256 = hexOf(otherEc, 'fingerprint256');
  const names: Readonly<Record<string, Json>> = {
    'kid in upper-case hex': { kid: sha1.toUpperCase() },
    'kid in lower-case hex': { kid: sha1.toLowerCase() },
    x5t: { x5t: base64urlOf(sha1) },
    'x5t#S256': { 'x5t#S256': base64urlOf(sha256) },
  };
  for (const [how, header] of Object.entries(names)) {
    test(`is named by ${how}, and then no other is tried`, async () => {
      assert.equal(await provenBy(assertion({ header, privateKey: otherEc.privateKey })), 'other');
      assert.equal(await provenBy(assertion({ header })), undefined);
    });
  }

  test('is found among those of the client where the header names none that it has', async () => {
    for (const header of [{}, { kid: 'mine' }, { x5t: base64urlOf('00'.repeat(20)) }, { kid: sha256 }])
      assert.equal(await provenBy(assertion({ header, privateKey: otherEc.privateKey })), 'other');
  });

  test('is found whatever else the names are: they are anybody’s to write', async () => {
    const name = fc.constantFrom('kid', 'x5t', 'x5t#S256');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.jsonValue()), async (header) => {
        assert.equal(await provenBy(assertion({ header })), 'ec');
      }),
      { numRuns: runs(100) },
    );
  });

  test('is one of the client: where it has none, or was left with others, nothing is proved', async () => {
    assert.equal(await provenBy(assertion(), []), undefined);
    assert.equal(await provenBy(assertion(), all.slice(1)), undefined);
  });

  test('is good until its end, and not a millisecond longer', async () => {
    const expiresAt = someDay + 1000;
    const short = makeCertificate({ expiresAt });
    const certificates = [await keep('short', short)];
    const text = assertion({ privateKey: short.privateKey });
    now = expiresAt - 1;
    assert.equal(await provenBy(text, certificates), 'short');
    now = expiresAt;
    assert.equal(await provenBy(text, certificates), undefined);
  });

  test('is good from its beginning on, give or take five minutes', async () => {
    const later = makeCertificate({ startsAt: someDay + 300_000 });
    const certificates = [await keep('later', later)];
    const text = assertion({ privateKey: later.privateKey });
    assert.equal(await provenBy(text, certificates), 'later');
    now = someDay - 1;
    assert.equal(await provenBy(text, certificates), undefined);
  });

  test('may be a new one for the key of one that has ended', async () => {
    const old = makeCertificate({ expiresAt: someDay - 1000 });
    const renewed = makeCertificate({ privateKey: old.privateKey });
    const certificates = [await keep('old', old), await keep('renewed', renewed)];
    assert.equal(await provenBy(assertion({ privateKey: old.privateKey }), certificates), 'renewed');
    const header = { kid: hexOf(old, 'fingerprint') };
    assert.equal(await provenBy(assertion({ privateKey: old.privateKey, header }), certificates), undefined);
  });
});

describe('an assertion is taken that has', () => {
  const taken: Readonly<Record<string, Json>> = {
    'the token endpoint as audience': { aud: endpoint },
    'the issuer as audience': { aud: issuer },
    'both as audiences': { aud: [endpoint, issuer] },
    'one of them in a list': { aud: [issuer] },
    'ended less than five minutes ago': { exp: seconds - 299 },
    'to end in 65 minutes': { exp: seconds + 65 * 60 },
    'a beginning in five minutes': { nbf: seconds + 300, iat: seconds + 300 },
    'no beginning': { nbf: undefined, iat: undefined },
    'an id of 256 characters': { jti: 'x'.repeat(256) },
    'claims that nobody asked for': { scope: 'seatledger.admin', client_id: 'another' },
  };
  for (const [what, claims] of Object.entries(taken)) {
    test(what, async () => {
      assert.equal(await provenBy(assertion({ claims })), 'ec');
    });
  }
});

describe('an assertion is refused that has', () => {
  const another = '00000000-0000-4000-8000-000000000000';
  const refused: Readonly<Record<string, Json>> = {
    'the issuer with a slash at its end as audience': { aud: `${issuer}/` },
    'a stranger as audience': { aud: 'https://elsewhere.example.com' },
    'a stranger among its audiences': { aud: [endpoint, 'https://elsewhere.example.com'] },
    'no audience': { aud: undefined },
    'an empty list of audiences': { aud: [] },
    'an audience that is no text': { aud: [[endpoint]] },
    'no end': { exp: undefined },
    'an end that is a text': { exp: String(seconds + 60) },
    'ended five minutes ago': { exp: seconds - 300 },
    'to end in 66 minutes': { exp: seconds + 66 * 60 },
    'to end in 65 minutes and a second': { exp: seconds + 65 * 60 + 1 },
    'a beginning in more than five minutes': { nbf: seconds + 301 },
    'been made in more than five minutes': { iat: seconds + 301 },
    'a beginning that is a text': { nbf: String(seconds) },
    'no id': { jti: undefined },
    'an empty id': { jti: '' },
    'an id of 257 characters': { jti: 'x'.repeat(257) },
    'an id that is a number': { jti: 7 },
    'no issuer': { iss: undefined },
    'another issuer': { iss: another },
    'an issuer that is no text': { iss: 7 },
    'no subject': { sub: undefined },
    'another subject': { sub: another },
    'a subject that is no text': { sub: [clientId] },
  };
  for (const [what, claims] of Object.entries(refused)) {
    test(what, async () => {
      assert.equal(await provenBy(assertion({ claims })), undefined);
    });
  }

  test('been signed by a stranger', async () => {
    const { privateKey } = makeCertificate();
    assert.equal(await provenBy(assertion({ privateKey })), undefined);
  });

  const signed = (header: Json) => assertion({ header }).split('.').slice(0, 2).join('.');
  const publicKey = createPublicKey(rsa.pem).export({ format: 'pem', type: 'spki' });
  const forged: Readonly<Record<string, () => string>> = {
    'the algorithm none and no signature': () => `${signed({ alg: 'none' })}.`,
    'the algorithm none and a signature': () =>
      `${signed({ alg: 'none' })}.${signatureOf(signed({ alg: 'none' }), 'ES256', ec.privateKey)}`,
    'HS256 with the public key as secret': () =>
      `${signed({ alg: 'HS256' })}.${hmacOf(signed({ alg: 'HS256' }), publicKey)}`,
    'HS256 with the certificate as secret': () =>
      `${signed({ alg: 'HS256' })}.${hmacOf(signed({ alg: 'HS256' }), rsa.pem)}`,
    'the header of RS256 over a signature of ES256': () => assertion({ header: { alg: 'RS256' } }),
    'the header of ES256 over a signature of RS256': () =>
      assertion({ alg: 'RS256', header: { alg: 'ES256' }, privateKey: rsa.privateKey }),
    'the header of PS256 over a signature of RS256': () =>
      assertion({ alg: 'RS256', header: { alg: 'PS256' }, privateKey: rsa.privateKey }),
    'an algorithm that is spelled otherwise': () => assertion({ header: { alg: 'es256' } }),
    'a key of its own in its header': () => {
      const { privateKey, publicKey: own } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const key = privateKey.export({ format: 'pem', type: 'pkcs8' });
      return assertion({ header: { jwk: own.export({ format: 'jwk' }) }, privateKey: key });
    },
    'an extension that must be understood': () => assertion({ header: { crit: ['exp'], exp: seconds } }),
    'a payload that is no object': () => `${encoded('{"alg":"ES256"}')}.${encoded('[]')}.AAAA`,
  };
  for (const [what, forge] of Object.entries(forged)) {
    test(what, async () => {
      assert.equal(await provenBy(forge()), undefined);
    });
  }

  test('any other algorithm, also where it is no text', async () => {
    const names = ['none', 'HS256', 'RS384', 'ES384', '__proto__', 'constructor', 'toString', ''];
    const alg = fc.oneof(fc.jsonValue(), fc.constantFrom(...names, { toString: 1, valueOf: 1 }, ['ES256']));
    await fc.assert(
      fc.asyncProperty(alg, async (other) => {
        fc.pre(other !== 'ES256');
        assert.equal(await provenBy(assertion({ header: { alg: other } })), undefined);
      }),
      { numRuns: runs(100) },
    );
  });

  test('any other claims, also where they are no texts and numbers', async () => {
    const claim = fc.constantFrom('iss', 'aud', 'jti', 'exp', 'nbf', 'iat');
    await fc.assert(
      fc.asyncProperty(claim, fc.jsonValue(), async (name, value) => {
        fc.pre(!(name === 'jti' && typeof value === 'string'));
        fc.pre(!(typeof value === 'number' && ['nbf', 'iat'].includes(name)));
        assert.equal(await provenBy(assertion({ claims: { [name]: value } })), undefined);
      }),
      { numRuns: runs(100) },
    );
  });

  test('another spelling', async () => {
    const text = assertion();
    const last = text.at(-1) ?? '';
    // The last character of 64 bytes carries two bits: sixteen characters spell them.
    const stray = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(last) ^ 1
    ];
    for (const other of [
      `${text}=`,
      `${text}==`,
      ` ${text}`,
      `${text}\n`,
      text.replace('.', '=.'),
      text.replace('.', ' .'),
      `${text.slice(0, -1)}${stray}`,
      `${text}.`,
      text.replace('.', '..'),
    ])
      assert.equal(readAssertion(other), undefined, other);
  });

  test(`more than ${assertionLengthMax} characters`, async () => {
    const long = (length: number) => {
      const claims = { jti: 'one', pad: '' };
      const blank = assertion({ claims }).length;
      // Three bytes are four characters.
      const pad = 'x'.repeat(Math.round(((length - blank) * 3) / 4));
      return assertion({ claims: { ...claims, pad } });
    };
    const fits = long(assertionLengthMax);
    const [tooLong] = [1, 2, 3]
      .map((more) => long(assertionLengthMax + more))
      .filter(({ length }) => length > assertionLengthMax);
    assert.ok(fits.length <= assertionLengthMax && fits.length >= assertionLengthMax - 2);
    assert.equal(await provenBy(fits), 'ec');
    assert.ok(tooLong !== undefined && tooLong.length <= assertionLengthMax + 4);
    assert.equal(await provenBy(tooLong), undefined);
  });
});

describe('what is no assertion at all', () => {
  test('tells nobody’s name', () => {
    const some = encoded('{"alg":"ES256"}');
    for (const text of ['', '.', '..', 'a.b.c', `${some}.${some}.`, `${some}.${encoded('{"sub":7}')}.`])
      assert.equal(readAssertion(text), undefined, text);
    fc.assert(fc.property(fc.string(), (text) => assert.equal(readAssertion(text), undefined)));
  });
});
