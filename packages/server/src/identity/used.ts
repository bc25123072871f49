/** What the use of credentials and tokens leaves behind. It is not on record: it is gone as soon as nobody can need it. */

import type { ChangeContext, Outcome } from '../record/index.ts';
import { type CredentialUse, noteEveryMs } from './credentialUse.ts';
import type { IdentityStore, Use } from './ports.ts';

/** How long after its end something is forgotten, in milliseconds: the clocks of processes differ. */
const forgetAfterMs = 300_000;

interface Stores {
  readonly identity: IdentityStore;
}

/** Notes when and from where a credential was used, unless it was noted lately, by any process. */
export async function noteCredentialUse(
  { identity }: Stores,
  _context: ChangeContext,
  { clientId, credentialId, use }: CredentialUse & { use: Use },
): Promise<Outcome<null>> {
  await identity.noteUse(clientId, credentialId, { use, before: use.at - noteEveryMs });
  return { keep: true, result: null };
}

/** Ends a token before its time. */
export async function revokeToken(
  { identity }: Stores,
  _context: ChangeContext,
  { tokenId, expiresAt, now }: { tokenId: string; expiresAt: number; now: number },
): Promise<Outcome<null>> {
  await identity.forgetExpired(now - forgetAfterMs);
  await identity.revokeToken(tokenId, expiresAt);
  return { keep: true, result: null };
}

/** Takes an assertion for used; answers whether it was not before. */
export async function useAssertion(
  { identity }: Stores,
  _context: ChangeContext,
  { clientId, assertionHash, expiresAt, now }: UsedAssertion,
): Promise<Outcome<boolean>> {
  await identity.forgetExpired(now - forgetAfterMs);
  const isFirst = await identity.useAssertion(clientId, assertionHash, expiresAt);
  return { keep: true, result: isFirst };
}

interface UsedAssertion {
  readonly clientId: string;
  /** SHA-256 of its id, in lower-case hex. */
  readonly assertionHash: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly now: number;
}
