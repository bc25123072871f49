/** The record as somebody follows it: events in sequence, with what their change says of them. */

import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import type { RecordedChange, RecordedEvent } from './event.ts';
import type { RecordReads } from './ports.ts';

/** An event with what it shares with the others of its change. */
export interface ToldEvent extends RecordedEvent, Pick<RecordedChange, 'actor' | 'reason' | 'recordedAt'> {}

export interface EventPage {
  readonly events: readonly ToldEvent[];
  /** The last event that was looked at. */
  readonly reached: number;
}

/** How many events are looked at for one page, whether it tells them or not. */
const lookedAtMax = 5000;
/** How many rows are read at once. */
const rowsAtOnce = 1000;

/**
 * The events after one and up to another, of which the reader knows that it is on record, as far as the reader may see them.
 *
 * A page may end in the middle of a change. Nothing is skipped: a change is there with all of its events or not at all, and sequences are
 * in the order of commits.
 */
export async function readEvents(
  record: RecordReads,
  partnerId: number,
  {
    after,
    through,
    limit,
    sees,
  }: { after: number; through: number; limit: number; sees: (event: RecordedEvent) => boolean },
): Promise<EventPage> {
  const events: RecordedEvent[] = [];
  let reached = after;
  while (events.length < limit && reached < through && reached - after < lookedAtMax) {
    // Most readers see all; only one that does not needs more rows than it is told.
    const rows = await record.eventsAfter(partnerId, reached, reached === after ? limit : rowsAtOnce);
    if (rows.length === 0) throw new Error('the record ends before an event that is on record');
    for (const event of rows) {
      if (events.length === limit || event.sequence > through) break;
      reached = event.sequence;
      if (sees(event)) events.push(event);
    }
    // Reads of a data folder are synchronous beneath.
    await othersHadTheirTurn();
  }
  return { events: await told(record, partnerId, events), reached };
}

async function told(
  record: RecordReads,
  partnerId: number,
  events: readonly RecordedEvent[],
): Promise<readonly ToldEvent[]> {
  const result: ToldEvent[] = [];
  let changes: readonly RecordedChange[] = [];
  for (const event of events) {
    let change = changes.find(({ lastSequence }) => lastSequence >= event.sequence);
    if (change === undefined) {
      changes = await record.changesAfter(partnerId, event.sequence - 1, events.length - result.length);
      [change] = changes;
    }
    if (change === undefined) throw new Error(`event ${event.sequence} belongs to no change`);
    const { recordedAt, actor, reason } = change;
    result.push({ ...event, recordedAt, actor, reason });
  }
  return result;
}
