import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import { ProblemError } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { makeCertificate, opensslSays } from '../testing/certificates.ts';
import { someDay } from '../testing/store.ts';
import { certificateFacts, readCertificate } from './certificates.ts';
import type { ClientCertificate } from './ports.ts';

const ec = makeCertificate({ subject: '/O=Ada Ltd/CN=billing' });
const rsa = makeCertificate({ key: 'RSA 2048' });

const read = (text: string, now = someDay): Promise<ClientCertificate> =>
  readCertificate(text, { credentialId: 'a', now, field: 'certificates.3' });
const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;
const base64Of = (pem: string): string => derOf(pem).toString('base64');

/** Why the certificate is refused. */
async function refusalOf(text: string, now?: number): Promise<string> {
  try {
    await read(text, now);
    return 'none';
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.code, 'body_invalid');
    const [problem, ...more] = error.errors;
    assert.ok(problem !== undefined && more.length === 0);
    assert.equal(problem.field, 'certificates.3');
    return problem.code;
  }
}

/** The certificate with an RSA key of so many bits, of which nobody has the private one. Nothing is signed with it. */
function withRsaKey(pem: string, bits: number): string {
  const modulus = randomBytes(Math.ceil(bits / 8));
  modulus.writeUInt8((modulus.readUInt8(0) & (0xff >> (-bits & 7))) | (0x80 >> (-bits & 7)), 0);
  modulus.writeUInt8(modulus.readUInt8(modulus.length - 1) | 1, modulus.length - 1);
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  const key = createPublicKey({ format: 'jwk', key: jwk });
  assert.equal(key.asymmetricKeyDetails?.modulusLength, bits);
  const certificate = AsnConvert.parse(derOf(pem), Certificate);
  const spki = key.export({ format: 'der', type: 'spki' });
  certificate.tbsCertificate.subjectPublicKeyInfo = AsnConvert.parse(spki, SubjectPublicKeyInfo);
  return Buffer.from(AsnConvert.serialize(certificate)).toString('base64');
}

describe('a certificate', () => {
  test('is kept as its DER form in base64, with its end', async () => {
    assert.deepEqual(await read(ec.pem), {
      kind: 'certificate',
      credentialId: 'a',
      certificate: base64Of(ec.pem),
      createdAt: someDay,
      expiresAt: Date.UTC(2040, 0, 1),
      lastUse: null,
    });
  });

  test('is the same as PEM and as the base64 of its DER form, whatever the line ends and the blanks around', async () => {
    const { certificate } = await read(ec.pem);
    const lines = certificate.replaceAll(/.{64}/g, '$&\n');
    for (const text of [
      ec.pem.trim(),
      `\n \t${ec.pem}\n\n `,
      ec.pem.replaceAll('\n', '\r\n'),
      ec.pem.replaceAll('\n', ' \n'),
      certificate,
      lines,
      `\r\n${lines.replaceAll('\n', '\r\n')}\r\n`,
    ])
      assert.equal((await read(text)).certificate, certificate, JSON.stringify(text));
  });

  test('has the thumbprints and the subject that openssl shows, and begins when it says', async () => {
    for (const { pem } of [ec, rsa]) {
      const facts = certificateFacts(await read(pem));
      const fingerprint = (hash: string) =>
        opensslSays(pem, '-fingerprint', hash).split('=')[1]?.trim().replaceAll(':', '').toLowerCase();
      assert.equal(facts.thumbprint, fingerprint('-sha1'));
      assert.equal(facts.thumbprintSha256, fingerprint('-sha256'));
      assert.equal(facts.startsAt, Date.UTC(2020, 0, 1));
      assert.ok(facts.publicKey.equals(createPublicKey(pem)));
    }
    assert.equal(certificateFacts(await read(ec.pem)).subject, 'O=Ada Ltd, CN=billing');
  });

  test('needs no subject', async () => {
    assert.equal(certificateFacts(await read(makeCertificate({ subject: '/' }).pem)).subject, '');
  });

  test('is good to the millisecond before its end', async () => {
    const expiresAt = someDay + 3_600_000;
    const { pem } = makeCertificate({ expiresAt });
    assert.equal((await read(pem, expiresAt - 1)).expiresAt, expiresAt);
    assert.equal(await refusalOf(pem, expiresAt), 'certificate_expired');
    assert.equal(await refusalOf(pem, expiresAt + 1), 'certificate_expired');
  });

  test('that is not good yet is taken: it can be brought before it is needed', async () => {
    const startsAt = someDay + 86_400_000;
    assert.equal(certificateFacts(await read(makeCertificate({ startsAt }).pem)).startsAt, startsAt);
  });

  test('that ends before it begins is refused', async () => {
    const { pem } = makeCertificate({ startsAt: someDay + 2000, expiresAt: someDay + 1000 });
    assert.equal(await refusalOf(pem), 'certificate_expired');
  });

  for (const bits of [2048, 3072, 4096, 8192]) {
    test(`may have an RSA key of ${bits} bits`, async () => {
      assert.equal(await refusalOf(withRsaKey(rsa.pem, bits)), 'none');
    });
  }

  for (const bits of [1024, 2047, 8193, 16_384]) {
    test(`may not have an RSA key of ${bits} bits`, async () => {
      assert.equal(await refusalOf(withRsaKey(rsa.pem, bits)), 'certificate_key_invalid');
    });
  }

  for (const key of ['P-384', 'Ed25519', 'RSA 1024'] as const) {
    test(`may not have a key of ${key}`, async () => {
      assert.equal(await refusalOf(makeCertificate({ key }).pem), 'certificate_key_invalid');
    });
  }

  const usages: readonly (readonly [string | null, string])[] = [
    ['digitalSignature', 'none'],
    ['critical, digitalSignature, keyEncipherment', 'none'],
    ['nonRepudiation, digitalSignature, keyAgreement, decipherOnly', 'none'],
    [null, 'certificate_usage_invalid'],
    ['keyEncipherment', 'certificate_usage_invalid'],
    ['critical, nonRepudiation, keyCertSign, decipherOnly', 'certificate_usage_invalid'],
  ];
  for (const [keyUsage, refusal] of usages) {
    test(`with ${keyUsage ?? 'no'} key usage is ${refusal === 'none' ? 'taken' : 'refused'}`, async () => {
      assert.equal(await refusalOf(makeCertificate({ keyUsage }).pem), refusal);
    });
  }
});

describe('what is no certificate, or more than one, is refused:', () => {
  const der = derOf(ec.pem);
  const texts: Readonly<Record<string, string>> = {
    nothing: '',
    blanks: ' \n',
    garbage: 'garbage',
    'base64 of garbage': Buffer.from('garbage').toString('base64'),
    'a private key': ec.privateKey,
    'a certificate and its private key': ec.pem + ec.privateKey,
    'a private key and its certificate': ec.privateKey + ec.pem,
    'two certificates': ec.pem + rsa.pem,
    'text before the certificate': `subject=CN = app\n${ec.pem}`,
    'text after the certificate': `${ec.pem}and more`,
    'a certificate under another name': ec.pem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
    'a certificate that does not end': ec.pem.slice(0, ec.pem.indexOf('-----END')),
    'a DER form that is cut off': der.subarray(0, -1).toString('base64'),
    'a DER form with bytes after it': Buffer.concat([der, Buffer.alloc(1)]).toString('base64'),
    'two DER forms': Buffer.concat([der, derOf(rsa.pem)]).toString('base64'),
    'base64 of PEM': Buffer.from(ec.pem).toString('base64'),
    'hex of the DER form': der.toString('hex'),
  };
  for (const [what, text] of Object.entries(texts)) {
    test(what, async () => {
      assert.equal(await refusalOf(text), 'certificate_invalid');
    });
  }

  test('and whatever bytes are changed in one, it is taken or refused, and never breaks anything', async () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (isEc, changes) => {
          const bytes = Buffer.from(derOf((isEc ? ec : rsa).pem));
          for (const [at, by] of changes) bytes.writeUInt8(by, at % bytes.length);
          const text = bytes.toString('base64');
          if ((await refusalOf(text)) !== 'none') return;
          const kept = await read(text);
          assert.equal(kept.certificate, text);
          assert.ok(Number.isSafeInteger(kept.expiresAt));
          const facts = certificateFacts(kept);
          assert.ok(Number.isSafeInteger(facts.startsAt));
          assert.equal(typeof facts.subject, 'string');
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});
