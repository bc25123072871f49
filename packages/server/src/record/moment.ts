/**
 * A moment of a partner's record, on both axes of time: which events it includes, and the instant at which terms are looked at.
 *
 * A change is seen whole or not at all, so a moment's sequence is always the last of a change.
 */

import type { RecordReads } from './ports.ts';

export interface Moment {
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is asked for: the record as it was at an instant or after an event; neither means now. */
export interface AsOf {
  readonly at: number | null;
  readonly sequence: number | null;
}

/** Why there is no such moment. */
export type NoMoment = 'after_last_event' | 'before_first_event';

/** An instant to come sees what is recorded by now, with the terms of then. */
export async function findMoment(
  record: RecordReads,
  partnerId: number,
  { at, sequence }: AsOf,
  now: number,
): Promise<Moment | NoMoment> {
  const head = await record.head(partnerId);
  if (sequence !== null) {
    if (sequence > head.sequence) return 'after_last_event';
    const change = await record.lastChangeThrough(partnerId, sequence);
    return change === undefined
      ? 'before_first_event'
      : { sequence: change.lastSequence, at: change.recordedAt };
  }
  // Where the clock is behind the last change, now is that one's instant: it is included, and asked for again it is the same.
  if (at === null) return { sequence: head.sequence, at: Math.max(now, head.recordedAt) };
  const change = await record.lastChangeBy(partnerId, at);
  return change === undefined ? 'before_first_event' : { sequence: change.lastSequence, at };
}

/** The moment after the first change: the record has nothing before it. */
export async function firstMoment(record: RecordReads, partnerId: number): Promise<Moment> {
  const [change] = await record.changesAfter(partnerId, 0, 1);
  if (change === undefined) throw new Error('the record of a partner begins with the partner');
  return { sequence: change.lastSequence, at: change.recordedAt };
}
