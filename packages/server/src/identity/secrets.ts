/** Client secrets: made of 256 random bits, kept as their hash, compared in constant time. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretYears } from '@seatledger/contract';
import type { ClientSecret } from './ports.ts';

/** A prefix that secret scanners can look for. */
const prefix = 'sls_';

/** A new secret and what is kept of it. It expires on the same day of a later year. */
export function makeSecret({
  credentialId,
  now,
  years,
}: {
  credentialId: string;
  now: number;
  years: SecretYears;
}): { text: string; kept: ClientSecret } {
  const text = prefix + randomBytes(32).toString('base64url');
  const expiresAt = new Date(now);
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + years);
  return {
    text,
    kept: {
      kind: 'secret',
      credentialId,
      hash: digestOf(text).toString('hex'),
      lastFour: text.slice(-4),
      createdAt: now,
      expiresAt: expiresAt.getTime(),
      lastUse: null,
    },
  };
}

/** What the text is compared with where there is no secret, so that it costs the same work. */
const noHash = Buffer.alloc(32);

/**
 * The secret in force that the text is; undefined where it is none.
 *
 * 256 random bits cannot be guessed, so one round of SHA-256 keeps them as safe as a slow password hash would.
 */
export function secretInForce(
  text: string,
  secrets: readonly ClientSecret[],
  now: number,
): ClientSecret | undefined {
  const digest = digestOf(text);
  let found: ClientSecret | undefined;
  for (const secret of secrets) {
    const same = timingSafeEqual(digest, Buffer.from(secret.hash, 'hex'));
    if (same && now < secret.expiresAt) found = secret;
  }
  if (secrets.length === 0) timingSafeEqual(digest, noHash);
  return found;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
