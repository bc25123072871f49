/** What the record needs of the store, inside the transaction of a change. */

import type { Head, RecordedChange, RecordedEvent } from './event.ts';

/** Holds other changes of a partner back, to the end of the transaction. What is locked is locked in the order of these. */
export interface Locks {
  /** Waits until no other change of the partner is underway, and lets none begin. */
  alone(partnerId: number): Promise<void>;
  /** Lets others of the partner go on that do so too, and waits for one that is alone. They lock what they change, row by row. */
  together(partnerId: number): Promise<void>;
  /** Whether nobody else works under this idempotency key at the moment. */
  claimKey(partnerId: number, actor: string, key: string): Promise<boolean>;
}

/** What a write that carried an idempotency key came to. */
export interface KeptResult {
  /** What was asked for, as a hash. */
  readonly fingerprint: string;
  /** As JSON; null where it may not be kept. */
  readonly result: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface RecordStore {
  /** The partner's head, or undefined where there is no such partner. */
  headOf(partnerId: number): Promise<Head | undefined>;
  /** The partner's head, locked to the end of the transaction. */
  lockHead(partnerId: number): Promise<Head>;
  appendEvents(partnerId: number, events: readonly RecordedEvent[]): Promise<void>;
  /** Stores the change and moves the head to its end. */
  closeChange(partnerId: number, change: RecordedChange): Promise<void>;
  keptResult(partnerId: number, actor: string, key: string): Promise<KeptResult | undefined>;
  keepResult(partnerId: number, actor: string, key: string, kept: KeptResult): Promise<void>;
  /** Removes what was kept before this instant. */
  forgetResults(partnerId: number, before: number): Promise<void>;
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
