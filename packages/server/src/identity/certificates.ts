/** Client certificates: what is taken for one, and what is read from it. */

import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { fieldProblem, type FieldProblemCode, ProblemError } from '@seatledger/contract';
import type { ClientCertificate } from './ports.ts';

/** Source: NIST SP 800-131A revision 2 for the least; more than the most costs a verification what nobody needs. */
const rsaBits = { min: 2048, max: 8192 };
/** Source: NIST SP 800-56B revision 2, section 6.2. With an exponent of 1 anybody could sign. */
const rsaExponentMin = 65_537n;

/** What a certificate says that assertions are checked by. */
export interface CertificateFacts {
  /** SHA-1 of the DER form, in lower-case hex: what real clients send as `kid` and, in base64url, as `x5t`. */
  readonly thumbprint: string;
  /** SHA-256 of it, likewise: `x5t#S256` in base64url. */
  readonly thumbprintSha256: string;
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly startsAt: number;
  readonly publicKey: KeyObject;
}

/**
 * A certificate as it is kept, from PEM or from the base64 of its DER form.
 *
 * Throws `body_invalid` for anything that assertions cannot be checked with. Source for the key usage: the app registration pages of
 * AvePoint Elements.
 */
export async function readCertificate(
  text: string,
  { credentialId, now, field }: { credentialId: string; now: number; field: string },
): Promise<ClientCertificate> {
  const refuse = (code: FieldProblemCode, message?: string): never => {
    throw new ProblemError('body_invalid', {
      errors: [fieldProblem(field, code, message === undefined ? {} : { message })],
    });
  };
  const x509 = parse(text) ?? refuse('certificate_invalid');
  const { asymmetricKeyType, asymmetricKeyDetails } = x509.publicKey;
  if (asymmetricKeyType === 'rsa') {
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits < rsaBits.min || bits > rsaBits.max)
      refuse(
        'certificate_key_invalid',
        `Its RSA key has ${bits} bits; use ${rsaBits.min} to ${rsaBits.max}.`,
      );
    if ((asymmetricKeyDetails?.publicExponent ?? 0n) < rsaExponentMin)
      refuse('certificate_key_invalid', `The exponent of its RSA key is below ${rsaExponentMin}.`);
  } else if (asymmetricKeyType !== 'ec' || asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    refuse('certificate_key_invalid');
  }
  if (!(await signs(x509))) refuse('certificate_usage_invalid');
  const expiresAt = instantOf(x509.validTo);
  // Not the other way round: what is no instant is neither before nor after another.
  if (!(expiresAt > now && expiresAt > instantOf(x509.validFrom))) refuse('certificate_expired');
  return {
    kind: 'certificate',
    credentialId,
    certificate: x509.raw.toString('base64'),
    createdAt: now,
    expiresAt,
    lastUse: null,
  };
}

export function certificateFacts({ certificate }: ClientCertificate): CertificateFacts {
  const der = Buffer.from(certificate, 'base64');
  const x509 = new X509Certificate(der);
  return {
    thumbprint: createHash('sha1').update(der).digest('hex'),
    thumbprintSha256: createHash('sha256').update(der).digest('hex'),
    // Undefined where the subject has no name, although the types do not say so.
    subject: (x509.subject ?? '').replaceAll('\n', ', '),
    startsAt: instantOf(x509.validFrom),
    publicKey: x509.publicKey,
  };
}

const pem = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;
const base64 = /^[A-Za-z0-9+/=\s]+$/;

/** One certificate and nothing else: a chain or a key with it is a mistake, and the key one to be told at once. */
function parse(text: string): X509Certificate | undefined {
  const encoded = pem.exec(text)?.[1] ?? (base64.test(text) ? text : undefined);
  if (encoded === undefined) return undefined;
  const der = Buffer.from(encoded, 'base64');
  try {
    const x509 = new X509Certificate(der);
    // Bytes after it would be another certificate for whoever counts thumbprints over them.
    return x509.raw.equals(der) && x509.publicKey !== undefined ? x509 : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Epoch milliseconds of a time as the runtime writes it; NaN where it says that the certificate has none.
 *
 * `validFromDate` and `validToDate` are any number then, from one time to the next.
 */
function instantOf(text: string): number {
  return Date.parse(text);
}

async function signs(x509: X509Certificate): Promise<boolean> {
  // Loaded where a certificate is registered alone: every start would wait for it.
  const [{ AsnConvert }, { Certificate, id_ce_keyUsage, KeyUsage, KeyUsageFlags }] = await Promise.all([
    import('@peculiar/asn1-schema'),
    import('@peculiar/asn1-x509'),
  ]);
  try {
    const { tbsCertificate } = AsnConvert.parse(x509.raw, Certificate);
    const usage = tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_keyUsage);
    if (usage === undefined) return false;
    return (AsnConvert.parse(usage.extnValue, KeyUsage).toNumber() & KeyUsageFlags.digitalSignature) !== 0;
  } catch {
    // The runtime reads more than this parser does. What it may be used for is not said where it cannot be read.
    return false;
  }
}
