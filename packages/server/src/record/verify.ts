/** Proves that a partner's record is whole: no event is missing, added, moved or altered since it was recorded. */

import { emptyHead, openLink } from './chain.ts';
import type { Head, RecordedChange, RecordedEvent } from './event.ts';
import type { RecordReads } from './ports.ts';

/** How many rows are held in memory. */
const rowsAtOnce = 1000;

export type Verification =
  | { readonly whole: true; readonly head: Head }
  | { readonly whole: false; readonly sequence: number; readonly reason: string };

/** Told of every event and then of the change that it is of, in sequence. */
export interface RecordVisitor {
  event(event: RecordedEvent, change: RecordedChange): Promise<void>;
  change(change: RecordedChange): Promise<void>;
}

/** Reads the record from its beginning and computes every link of the chain again. */
export async function verifyChain(
  record: RecordReads,
  partnerId: number,
  visitor?: RecordVisitor,
): Promise<Verification> {
  const events = inSequence(
    (after) => record.eventsAfter(partnerId, after, rowsAtOnce),
    (event) => event.sequence,
  );
  const changes = inSequence(
    (after) => record.changesAfter(partnerId, after, rowsAtOnce),
    (change) => change.lastSequence,
  );
  let head: Head = emptyHead;
  for await (const change of changes) {
    const broken = await brokenAt(head, change, events, visitor);
    if (broken !== undefined) return { whole: false, ...broken };
    await visitor?.change(change);
    head = { sequence: change.lastSequence, recordedAt: change.recordedAt, hash: change.hash };
  }
  const stray = await events.next();
  if (!stray.done)
    return { whole: false, sequence: stray.value.sequence, reason: 'the event belongs to no change' };
  const kept = await record.head(partnerId);
  if (kept.hash !== head.hash || kept.sequence !== head.sequence) {
    return { whole: false, sequence: kept.sequence, reason: 'the head is not the end of the chain' };
  }
  return { whole: true, head };
}

async function brokenAt(
  head: Head,
  change: RecordedChange,
  events: AsyncIterator<RecordedEvent>,
  visitor: RecordVisitor | undefined,
): Promise<{ sequence: number; reason: string } | undefined> {
  if (change.firstSequence !== head.sequence + 1) {
    return { sequence: change.firstSequence, reason: 'the change does not follow the one before it' };
  }
  if (change.recordedAt < head.recordedAt) {
    return { sequence: change.firstSequence, reason: 'the change is older than the one before it' };
  }
  const link = openLink(head.hash, change);
  for (let sequence = change.firstSequence; sequence <= change.lastSequence; sequence++) {
    const event = await events.next();
    if (event.done || event.value.sequence !== sequence) return { sequence, reason: 'the event is missing' };
    link.add(event.value);
    await visitor?.event(event.value, change);
  }
  if (link.close(change.recordedAt) !== change.hash) {
    return { sequence: change.lastSequence, reason: 'the change is not what was recorded' };
  }
  return undefined;
}

async function* inSequence<Row>(
  page: (after: number) => Promise<readonly Row[]>,
  sequenceOf: (row: Row) => number,
): AsyncGenerator<Row, undefined> {
  let after = 0;
  for (;;) {
    const rows = await page(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    after = sequenceOf(last);
  }
}
