/** Client assertions, put together by hand: what checks them must not be what makes them. */

import { constants, createHmac, randomUUID, sign } from 'node:crypto';

const algorithms = ['ES256', 'PS256', 'RS256'] as const;
export type AssertionAlgorithm = (typeof algorithms)[number];

export type Json = Readonly<Record<string, unknown>>;

export interface AssertionRequest {
  readonly clientId: string;
  readonly audience: string;
  /** PEM. */
  readonly privateKey: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly alg?: AssertionAlgorithm;
  /** Beside what is usual, or instead of it; what is undefined is left out. */
  readonly header?: Json;
  readonly claims?: Json;
  /** How many blanks JSON is indented by: real clients write it on many lines, or on one. */
  readonly indent?: number;
}

/** An assertion as real clients make it: good for an hour, and used once. */
export function makeAssertion({
  clientId,
  audience,
  privateKey,
  now,
  alg = 'ES256',
  header = {},
  claims = {},
  indent = 0,
}: AssertionRequest): string {
  const seconds = Math.floor(now / 1000);
  const usual = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomUUID(),
    nbf: seconds,
    iat: seconds,
    exp: seconds + 3600,
  };
  const parts = [
    { alg, typ: 'JWT', ...header },
    { ...usual, ...claims },
  ];
  const signed = parts.map((part) => encoded(JSON.stringify(part, undefined, indent))).join('.');
  return `${signed}.${signatureOf(signed, alg, privateKey)}`;
}

export function signatureOf(signed: string, alg: AssertionAlgorithm, key: string): string {
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const options = {
    ES256: { key, dsaEncoding: 'ieee-p1363' },
    PS256: { key, padding, saltLength: 32 },
    RS256: { key },
  } as const;
  return sign('sha256', Buffer.from(signed), options[alg]).toString('base64url');
}

/** The signature of HS256. */
export function hmacOf(signed: string, secret: string): string {
  return createHmac('sha256', secret).update(signed).digest('base64url');
}

export function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}
