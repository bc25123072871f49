/** Client secrets: made of 256 random bits, kept as their hash, compared in constant time. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretYears } from '@seatledger/contract';
import type { ClientSecret } from './ports.ts';

/** A prefix that secret scanners can look for. */
const prefix = 'sls_';

/** A new secret and what is kept of it. It expires on the same day of a later year. */
export function makeSecret({ secretId, now, years }: { secretId: string; now: number; years: SecretYears }): {
  text: string;
  kept: ClientSecret;
} {
  const text = prefix + randomBytes(32).toString('base64url');
  const expiresAt = new Date(now);
  expiresAt.setUTCFullYear(expiresAt.getUTCFullYear() + years);
  return {
    text,
    kept: {
      secretId,
      hash: digestOf(text).toString('hex'),
      lastFour: text.slice(-4),
      createdAt: now,
      expiresAt: expiresAt.getTime(),
    },
  };
}

/** What an unknown client's secret is compared with, so that it costs the same work. */
const noSecret = { hash: '0'.repeat(64), expiresAt: Number.POSITIVE_INFINITY };

/**
 * Whether the text is one of the secrets that are in force.
 *
 * 256 random bits cannot be guessed, so one round of SHA-256 keeps them as safe as a slow password hash would.
 */
export function isSecretInForce(text: string, secrets: readonly ClientSecret[], now: number): boolean {
  const digest = digestOf(text);
  let matches = false;
  for (const { hash, expiresAt } of secrets.length === 0 ? [noSecret] : secrets) {
    const same = timingSafeEqual(digest, Buffer.from(hash, 'hex'));
    matches = (same && now < expiresAt) || matches;
  }
  return matches && secrets.length > 0;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
