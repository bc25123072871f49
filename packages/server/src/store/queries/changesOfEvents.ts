/** Which change an event is of: what a list of many events needs to say when each was recorded. */

import { sql } from 'kysely';
import type { Connection } from '../connection.ts';
import { statement } from '../statement.ts';

export interface ChangeFacts {
  recordedAt: number;
  actor: string;
  reason: string | null;
}

interface ChangeRow extends ChangeFacts {
  firstSequence: number;
  lastSequence: number;
}

/** A change's events follow one another, so the one that an event is of is the first that does not end before it. */
const changeOfEvent = statement<{ partnerId: number; sequence: number }, ChangeRow>(
  (db, { partnerId, sequence }) =>
    db
      .selectFrom('changes')
      .select([
        'first_sequence as firstSequence',
        'last_sequence as lastSequence',
        'recorded_at as recordedAt',
        'actor',
        'reason',
      ])
      .where('partner_id', '=', partnerId)
      .where('last_sequence', '>=', sequence)
      .orderBy('last_sequence')
      .limit(sql.lit(1)),
);

/**
 * The changes of the events. Many may be of one change, which is looked up once: first for one of the events, then for two of those that
 * it did not have, for four, and so on.
 */
export async function changesOfEvents(
  connection: Connection,
  partnerId: number,
  sequences: readonly number[],
): Promise<ReadonlyMap<number, ChangeFacts>> {
  const found = new Map<number, ChangeRow>();
  let left = [...new Set(sequences)];
  for (let atOnce = 1; left.length > 0; atOnce *= 2) {
    const step = Math.ceil(left.length / atOnce);
    const asked = left.filter((_, index) => index % step === 0);
    const changes = await connection.allOfMany(
      changeOfEvent,
      asked.map((sequence) => ({ partnerId, sequence })),
    );
    if (changes.length < asked.length) throw new Error('an event belongs to no change');
    left = left.filter((sequence) => {
      const change = changes.find((row) => row.firstSequence <= sequence && sequence <= row.lastSequence);
      if (change !== undefined) found.set(sequence, change);
      return change === undefined;
    });
  }
  return found;
}
