/** Client assertions: JWTs that a client signs with the key of one of its certificates (RFC 7523 section 3). */

import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { assertionLengthMax } from '@seatledger/contract';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { isCanonical } from './canonicalJwt.ts';
import { certificateFacts } from './certificates.ts';
import type { ClientCertificate } from './ports.ts';

/** How far the clocks of clients may be off, in seconds. Source: the default of IdentityServer, which real clients were made for. */
const skewSeconds = 300;
/** How far ahead an assertion may expire, in seconds. Real clients send up to an hour; their clocks may be ahead. */
const lifetimeSecondsMax = 3900;
const idLengthMax = 256;

const keyTypes: ReadonlyMap<string, 'ec' | 'rsa'> = new Map([
  ['RS256', 'rsa'],
  ['PS256', 'rsa'],
  ['ES256', 'ec'],
]);
/** What an assertion may be signed with. */
export const assertionAlgorithms: readonly string[] = [...keyTypes.keys()];

/** An assertion as it came, of which nothing is verified yet. */
export interface ReadAssertion {
  readonly text: string;
  /** Any JSON: whoever has no key can write it. */
  readonly header: Readonly<Record<string, unknown>>;
  /** Whom it says it is of, in lower case. */
  readonly clientId: string;
}

export interface VerifiedAssertion {
  readonly credentialId: string;
  /** Its `jti`, by which it is used once. */
  readonly assertionId: string;
  /** When it could not be used any more, whatever happens; epoch milliseconds. */
  readonly expiresAt: number;
}

/** Undefined for what is no assertion of a client. */
export function readAssertion(text: string): ReadAssertion | undefined {
  if (text.length > assertionLengthMax || !isCanonical(text)) return undefined;
  try {
    const { sub } = decodeJwt(text);
    const header = decodeProtectedHeader(text);
    return typeof sub === 'string' ? { text, header, clientId: sub.toLowerCase() } : undefined;
  } catch {
    return undefined;
  }
}

/** `audiences` are what an assertion for this server may be addressed to, and all that it may be. */
export function createAssertionCheck({
  clock,
  audiences,
}: {
  clock: { now(): number };
  audiences: () => readonly string[];
}) {
  /** Undefined where it is not signed with one of the certificates that are in force, or says what an assertion may not. */
  return async function checkAssertion(
    { text, header, clientId }: ReadAssertion,
    certificates: readonly ClientCertificate[],
  ): Promise<VerifiedAssertion | undefined> {
    const { alg } = header;
    const keyType = typeof alg === 'string' ? keyTypes.get(alg) : undefined;
    if (keyType === undefined) return undefined;
    const now = clock.now();
    const candidates = certificates
      .map((certificate) => ({ ...certificate, ...certificateFacts(certificate) }))
      .filter(({ publicKey }) => publicKey.asymmetricKeyType === keyType);
    const named = candidates.filter((certificate) => isNamed(certificate, header));
    // A certificate begins when it says so, give or take a clock; it ends when it says so.
    const tried = (named.length > 0 ? named : candidates).filter(
      ({ startsAt, expiresAt }) => startsAt <= now + skewSeconds * 1000 && now < expiresAt,
    );
    // As much work where there is nothing to try: the time must not tell whether there is such a client.
    if (tried.length === 0) await verified(text, (await decoys())[keyType], now);
    for (const { credentialId, publicKey } of tried) {
      const payload = await verified(text, publicKey, now);
      if (payload !== undefined) return ofClient(payload, { clientId, credentialId, now });
    }
    return undefined;
  };

  async function verified(text: string, key: KeyObject, now: number): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(text, key, {
        algorithms: [...assertionAlgorithms],
        requiredClaims: ['iss', 'sub', 'aud', 'jti', 'exp'],
        clockTolerance: skewSeconds,
        currentDate: new Date(now),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  function ofClient(
    { iss, sub, aud, jti, exp = 0, iat = 0 }: JWTPayload,
    { clientId, credentialId, now }: { clientId: string; credentialId: string; now: number },
  ): VerifiedAssertion | undefined {
    const known = audiences();
    // One that is addressed to others too could be one that somebody else was shown.
    const addressees = aud === undefined ? [] : [aud].flat();
    const isForUs = addressees.length > 0 && addressees.every((audience) => known.includes(audience));
    // jose looks at the types of times alone.
    const isOwn = [iss, sub].every((name) => typeof name === 'string' && name.toLowerCase() === clientId);
    const isBounded = exp <= now / 1000 + lifetimeSecondsMax && iat <= now / 1000 + skewSeconds;
    const hasId = typeof jti === 'string' && jti !== '' && jti.length <= idLengthMax;
    if (!(isForUs && isOwn && isBounded && hasId)) return undefined;
    return { credentialId, assertionId: jti, expiresAt: Math.ceil((exp + skewSeconds) * 1000) };
  }
}

export type CheckAssertion = ReturnType<typeof createAssertionCheck>;

/** Whether the header names the certificate, in one of the ways that clients do. An id that is none of these names nobody. */
function isNamed(
  { thumbprint, thumbprintSha256 }: { thumbprint: string; thumbprintSha256: string },
  { kid, x5t, 'x5t#S256': x5tSha256 }: ReadAssertion['header'],
): boolean {
  return (
    (typeof kid === 'string' && kid.toLowerCase() === thumbprint) ||
    hexOf(x5t) === thumbprint ||
    hexOf(x5tSha256) === thumbprintSha256
  );
}

function hexOf(base64url: unknown): string | undefined {
  return typeof base64url === 'string' ? Buffer.from(base64url, 'base64url').toString('hex') : undefined;
}

const generate = promisify(generateKeyPair);
let decoyKeys: Promise<Record<'ec' | 'rsa', KeyObject>> | undefined;

/** Keys that nothing is signed with. */
function decoys(): Promise<Record<'ec' | 'rsa', KeyObject>> {
  decoyKeys ??= (async () => ({
    ec: (await generate('ec', { namedCurve: 'P-256' })).publicKey,
    rsa: (await generate('rsa', { modulusLength: 2048 })).publicKey,
  }))();
  return decoyKeys;
}
