/**
 * The hash chain of a partner's record.
 *
 * A link covers the link before it, what the events of the change share, and each event. Every field is written as JSON, so no two
 * different contents have the same bytes.
 */

import { createHash } from 'node:crypto';
import type { Head, RecordedChange, RecordedEvent } from './event.ts';

/** The head of an empty record. */
export const emptyHead: Head = { sequence: 0, recordedAt: 0, hash: '0'.repeat(64) };

/** The link of one change, fed event by event, so that a change of any size needs no memory of its size. */
export function openLink(
  previousHash: string,
  { actor, reason }: Pick<RecordedChange, 'actor' | 'reason'>,
): { add(event: RecordedEvent): void; close(recordedAt: number): string } {
  const digest = createHash('sha256').update(JSON.stringify([previousHash, actor, reason]));
  return {
    add({ sequence, kind, subject, customerId, before, after }) {
      digest.update(JSON.stringify([sequence, kind, subject, customerId, before, after]));
    },
    close: (recordedAt) => digest.update(JSON.stringify([recordedAt])).digest('hex'),
  };
}
