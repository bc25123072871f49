/** What the record needs of the store, inside the transaction of a change. */

import type { Head, RecordedChange, RecordedEvent } from './event.ts';

export interface RecordStore {
  /** The partner's head, locked to the end of the transaction. */
  lockHead(partnerId: number): Promise<Head>;
  appendEvents(partnerId: number, events: readonly RecordedEvent[]): Promise<void>;
  /** Stores the change and moves the head to its end. */
  closeChange(partnerId: number, change: RecordedChange): Promise<void>;
}

/** The record as it is read, in sequence. */
export interface RecordReads {
  head(partnerId: number): Promise<Head>;
  /** The last change that ends at this event or before it. */
  lastChangeThrough(partnerId: number, sequence: number): Promise<RecordedChange | undefined>;
  /** The last change recorded at this instant or before it; epoch milliseconds. */
  lastChangeBy(partnerId: number, at: number): Promise<RecordedChange | undefined>;
  changesAfter(partnerId: number, sequence: number, limit: number): Promise<readonly RecordedChange[]>;
  eventsAfter(partnerId: number, sequence: number, limit: number): Promise<readonly RecordedEvent[]>;
}
