/** Puts what one write did on record: gives events their sequence, and closes the change with its link of the chain. */

import { openLink } from './chain.ts';
import type { Head, NewEvent, RecordedEvent } from './event.ts';
import type { RecordStore } from './ports.ts';

/** How many events wait in memory before they are stored. */
const eventsBufferedMax = 500;

export interface Recorder {
  /** The last event before this change. */
  sequenceBefore(): Promise<number>;
  /** The sequence that the next event will have: the id of a line is the sequence of the event that adds it. */
  nextSequence(): Promise<number>;
  /** Takes the event into the change and answers its sequence. */
  append(event: NewEvent): Promise<number>;
  /** Takes the events into the change; their sequences follow one another. */
  appendAll(events: readonly NewEvent[]): Promise<void>;
  /** Stores what is left and closes the change. A change without events leaves nothing. */
  close(): Promise<void>;
}

/**
 * The partner's head is locked when it is first needed and stays so to the end of the transaction: sequences are given in the order of
 * commits. Whoever changes something takes its other locks before.
 */
export function openRecorder(
  store: RecordStore,
  {
    partnerId,
    actor,
    reason,
    now,
  }: { partnerId: number; actor: string; reason: string | null; now: () => number },
): Recorder {
  let opened: { head: Head; link: ReturnType<typeof openLink> } | undefined;
  let lastSequence = 0;
  let buffered: RecordedEvent[] = [];

  async function open() {
    if (opened === undefined) {
      const head = await store.lockHead(partnerId);
      lastSequence = head.sequence;
      opened = { head, link: openLink(head.hash, { actor, reason }) };
    }
    return opened;
  }

  function take(
    { link }: { link: ReturnType<typeof openLink> },
    { kind, subject, customerId, before, after }: NewEvent,
  ): number {
    const recorded: RecordedEvent = {
      sequence: ++lastSequence,
      kind,
      subject,
      customerId,
      before: before === null ? null : JSON.stringify(before),
      after: after === null ? null : JSON.stringify(after),
    };
    link.add(recorded);
    buffered.push(recorded);
    return recorded.sequence;
  }

  async function flushFull() {
    if (buffered.length >= eventsBufferedMax) await flush();
  }

  async function flush() {
    const events = buffered;
    buffered = [];
    await store.appendEvents(partnerId, events);
  }

  return {
    sequenceBefore: async () => (await open()).head.sequence,
    async nextSequence() {
      await open();
      return lastSequence + 1;
    },
    async append(event) {
      const sequence = take(await open(), event);
      await flushFull();
      return sequence;
    },
    async appendAll(events) {
      const change = await open();
      for (const event of events) take(change, event);
      await flushFull();
    },
    async close() {
      if (opened === undefined || lastSequence === opened.head.sequence) return;
      const { head, link } = opened;
      await flush();
      // When it is about to be seen, and not when it was asked for: an instant before must not change its answer. Where the
      // clock is behind the last change, it is that one's.
      const recordedAt = Math.max(now(), head.recordedAt);
      const hash = link.close(recordedAt);
      const firstSequence = head.sequence + 1;
      await store.closeChange(partnerId, { firstSequence, lastSequence, recordedAt, actor, reason, hash });
    },
  };
}
