/**
 * Writes that are sent again: the same key and the same request give the first answer, and nothing is done twice.
 *
 * What a write came to is kept in the transaction of the write. A refused one kept nothing and changed nothing: sent again, it is looked at anew.
 * Source: draft-ietf-httpapi-idempotency-key-header-07.
 */

import { createHash } from 'node:crypto';
import { ProblemError } from '@seatledger/contract';
import type { Locks, RecordStore } from './ports.ts';

/** How long what a write came to is kept, in milliseconds. */
const keptMs = 24 * 3_600_000;

export interface IdempotentWrite {
  readonly partnerId: number;
  readonly actor: string;
  readonly key: string;
  /** What is asked for; any JSON. */
  readonly request: unknown;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * What the write came to when it was made; undefined where it was not made yet.
 *
 * Throws `idempotency_key_reused` where the key came with another request, `idempotency_key_in_use` while the first is underway and
 * `idempotent_answer_not_kept` where the answer was shown that once.
 */
export async function recallResult(
  { record, locks }: { record: RecordStore; locks: Locks },
  { partnerId, actor, key, request, now }: IdempotentWrite,
): Promise<{ result: unknown } | undefined> {
  if (!(await locks.claimKey(partnerId, actor, key))) throw new ProblemError('idempotency_key_in_use');
  await record.forgetResults(partnerId, now - keptMs);
  const kept = await record.keptResult(partnerId, actor, key);
  if (kept === undefined) return undefined;
  if (kept.fingerprint !== fingerprintOf(request)) throw new ProblemError('idempotency_key_reused');
  if (kept.result === null) throw new ProblemError('idempotent_answer_not_kept');
  return { result: JSON.parse(kept.result) };
}

/** Keeps what the write came to, or that it was made where its result is a secret. */
export async function keepResult(
  record: RecordStore,
  { partnerId, actor, key, request, now }: IdempotentWrite,
  outcome: { readonly result: unknown } | 'secret',
): Promise<void> {
  await record.keepResult(partnerId, actor, key, {
    fingerprint: fingerprintOf(request),
    result: outcome === 'secret' ? null : JSON.stringify(outcome.result),
    createdAt: now,
  });
}

function fingerprintOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
