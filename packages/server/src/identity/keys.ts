/** The keys that tokens are signed with. The newest signs; all verify. */

import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import type { KeyStore, StoredKey } from './ports.ts';

/** Source: RFC 9068 section 2.1 asks that RS256 is supported; every known client of the partner API takes it. */
export const signingAlgorithm = 'RS256';
const modulusBits = 2048;

export interface SigningKeys {
  readonly current: { readonly kid: string; readonly privateKey: CryptoKey };
  /** The public keys, as the JSON Web Key Set has them. */
  readonly publicJwks: readonly JWK[];
  readonly publicKeys: ReadonlyMap<string, CryptoKey>;
}

/** Loads the keys; makes the first one where there is none. */
export async function loadSigningKeys(store: KeyStore, clock: { now(): number }): Promise<SigningKeys> {
  let stored = await store.load();
  if (stored.length === 0) {
    await store.save(await makeKey(clock.now()));
    stored = await store.load();
  }
  const publicKeys = new Map<string, CryptoKey>();
  const publicJwks: JWK[] = [];
  for (const { kid, privateJwk } of stored) {
    const { kty, n, e } = privateJwk as JWK;
    const publicJwk = { kty, n, e, kid, use: 'sig', alg: signingAlgorithm } as JWK;
    publicJwks.push(publicJwk);
    publicKeys.set(kid, await cryptoKey(publicJwk));
  }
  const newest = stored.at(-1);
  if (newest === undefined) throw new Error('the signing key that was just made is not there');
  return {
    current: { kid: newest.kid, privateKey: await cryptoKey(newest.privateJwk) },
    publicJwks,
    publicKeys,
  };
}

async function makeKey(now: number): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(signingAlgorithm, {
    modulusLength: modulusBits,
    extractable: true,
  });
  const privateJwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(privateJwk), createdAt: now, privateJwk: { ...privateJwk } };
}

async function cryptoKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, signingAlgorithm);
  if (key instanceof Uint8Array) throw new Error('a signing key cannot be symmetric');
  return key;
}
