/** The keys that tokens are signed with. One signs; all that a token in force may be signed with verify. */

import { ProblemError, tokenLifetimeSeconds } from '@seatledger/contract';
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

/** How often a process looks for keys that others made, in milliseconds. */
export const keyRefreshMs = 1000;
/** How long a key is shown before it signs, in milliseconds: every process has it by then. */
const shownBeforeMs = 10_000;
/**
 * How long after they were read the keys are taken for all that there are, in milliseconds: less than a key is shown before it signs,
 * since it takes a while to make one, and clocks differ.
 */
const currentMs = 5000;
/** How long a key verifies after the next one began to sign, in milliseconds: the life of a token, and clocks that differ. */
const verifiesAfterMs = tokenLifetimeSeconds * 1000 + 300_000;

export interface KeyRing {
  /**
   * Asked before a key is used: reads the keys again where they were not read lately. Throws `rights_unverified` where they cannot be: one may
   * be missing, or be taken away.
   */
  requireRead(): Promise<void>;
  /** The key that signs now. */
  signing(): { readonly kid: string; readonly privateKey: CryptoKey };
  /** The public key; undefined where there is none of that id. */
  verifying(kid: string): CryptoKey | undefined;
  /** The public keys, as the JSON Web Key Set has them. */
  publicJwks(): readonly JWK[];
  /** Reads the keys again, unless a reading is underway. */
  refresh(): Promise<void>;
}

interface LoadedKey {
  readonly kid: string;
  readonly createdAt: number;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

/**
 * Loads the keys; makes the first one where there is none. `onRemoval` is told when what a key signed may not be taken any more, and
 * while keys cannot be read.
 */
export async function openKeyRing(
  store: KeyStore,
  {
    clock,
    monotonicMs,
    onRemoval,
  }: { clock: { now(): number }; monotonicMs: () => number; onRemoval: () => void },
): Promise<KeyRing> {
  let keys: readonly LoadedKey[] = [];
  let readAt = monotonicMs();

  const isUnread = () => monotonicMs() - readAt >= currentMs;
  async function requireRead(): Promise<void> {
    if (!isUnread()) return;
    let cause: unknown = new Error('the signing keys could not be read lately');
    await refresh().catch((error: unknown) => (cause = error));
    if (isUnread()) throw new ProblemError('rights_unverified', { cause });
  }

  let underway: Promise<void> | undefined;
  function refresh(): Promise<void> {
    // Whoever asks for a token that is remembered must not be answered from before.
    if (isUnread()) onRemoval();
    underway ??= read().finally(() => (underway = undefined));
    return underway;
  }

  async function read(): Promise<void> {
    const beganAt = monotonicMs();
    const stored = verifyingAt(await store.load(), clock.now());
    const known = new Map(keys.map((key) => [key.kid, key]));
    const loaded: LoadedKey[] = [];
    for (const key of stored) loaded.push(known.get(key.kid) ?? (await loadKey(key)));
    for (const { kid } of loaded) known.delete(kid);
    keys = loaded;
    readAt = beganAt;
    if (known.size > 0) onRemoval();
  }

  await refresh();
  if (keys.length === 0) {
    await store.saveFirst(await makeKey(clock.now()));
    await refresh();
  }

  return {
    requireRead,
    signing() {
      const key = signingAt(keys, clock.now());
      if (key === undefined)
        throw new ProblemError('rights_unverified', { cause: new Error('there is no signing key any more') });
      return key;
    },
    verifying: (kid) => keys.find((candidate) => candidate.kid === kid)?.publicKey,
    publicJwks: () => keys.map(({ publicJwk }) => publicJwk),
    refresh,
  };
}

export interface RotatedKeys {
  /** The new key. */
  readonly kid: string;
  /** When it begins to sign; epoch milliseconds. */
  readonly signsAt: number;
  readonly removed: readonly string[];
}

/**
 * Makes a new key, which signs once every process has it; the others verify as long as a token that they signed is in force.
 *
 * With `dropOthers` they are removed at once, and with them every token there is.
 */
export async function rotateKeys(
  store: KeyStore,
  { now, dropOthers }: { now: number; dropOthers: boolean },
): Promise<RotatedKeys> {
  // The newest signs: on a clock that is behind the one by which the last was made, it would not be this one.
  const createdAt = Math.max(now, ((await store.load()).at(-1)?.createdAt ?? 0) + 1);
  const key = await makeKey(createdAt);
  await store.add(key);
  // Of two who rotate at once the later key stays, also where both drop the others.
  const stored = (await store.load()).filter((other) => other.createdAt < createdAt);
  const verifying = new Set(verifyingAt([...stored, key], now).map(({ kid }) => kid));
  const removed = stored.map(({ kid }) => kid).filter((kid) => dropOthers || !verifying.has(kid));
  for (const kid of removed) await store.remove(kid);
  return {
    kid: key.kid,
    signsAt: dropOthers || stored.length === 0 ? now : createdAt + shownBeforeMs,
    removed,
  };
}

export interface KeyState {
  readonly kid: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** `shown` is the state of one that does not sign yet, `ended` of one that does not verify any more. */
  readonly state: 'ended' | 'shown' | 'signs' | 'verifies';
}

/** What each key is good for now, the oldest first. */
export async function keyStates(store: KeyStore, now: number): Promise<readonly KeyState[]> {
  const stored = await store.load();
  const verifying = verifyingAt(stored, now);
  const signing = signingAt(verifying, now);
  return stored.map(({ kid, createdAt }) => {
    const isVerifying = verifying.some((key) => key.kid === kid);
    const isShown = isVerifying && createdAt > (signing?.createdAt ?? 0);
    const state = kid === signing?.kid ? 'signs' : isShown ? 'shown' : isVerifying ? 'verifies' : 'ended';
    return { kid, createdAt, state };
  });
}

/** The newest of those that every process has by now, or the first of all. */
function signingAt<Key extends { createdAt: number }>(keys: readonly Key[], now: number): Key | undefined {
  return keys.findLast(({ createdAt }) => createdAt + shownBeforeMs <= now) ?? keys[0];
}

/** A key verifies until a token that it signed before the next one took over cannot be in force any more. */
function verifyingAt(keys: readonly StoredKey[], now: number): readonly StoredKey[] {
  return keys.filter((_, index) => {
    const next = keys[index + 1];
    return next === undefined || now < next.createdAt + shownBeforeMs + verifiesAfterMs;
  });
}

async function loadKey({ kid, createdAt, privateJwk }: StoredKey): Promise<LoadedKey> {
  const { kty, n, e } = privateJwk as JWK;
  const publicJwk = { kty, n, e, kid, use: 'sig', alg: signingAlgorithm } as JWK;
  return {
    kid,
    createdAt,
    privateKey: await cryptoKey(privateJwk),
    publicKey: await cryptoKey(publicJwk),
    publicJwk,
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
