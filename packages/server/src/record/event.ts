/** What the record is made of: changes, and the events that they consist of. */

import type { CustomerId } from '@seatledger/contract';

/** The kinds of events. Append only: events of a retired kind stay in stores that were made before. */
type EventKind =
  | 'partner.created'
  | 'customer.created'
  | 'customer.changed'
  | 'tenant.set'
  | 'tenant.removed'
  | 'group.created'
  | 'group.changed'
  | 'group.deleted'
  | 'group.joined'
  | 'group.left'
  | 'pool.added'
  | 'pool.changed'
  | 'pool.ended'
  | 'line.added'
  | 'line.changed'
  | 'line.ended'
  | 'seat.assigned'
  | 'seat.released'
  | 'user.erased'
  | 'app.created'
  | 'app.changed'
  | 'app.disabled'
  | 'app.enabled'
  | 'app.credential_added'
  | 'app.credential_removed'
  | 'app.deleted';

type StateValue = string | number | boolean | null;

/** A JSON object without members that are undefined; instants in it are ISO 8601 texts. */
export type EventState = Readonly<
  Record<string, StateValue | readonly number[] | readonly string[] | Readonly<Record<string, StateValue>>>
>;

/** One event before it has its place in the sequence. */
export interface NewEvent {
  readonly kind: EventKind;
  /** What changed: the id of the line, customer, app or partner. */
  readonly subject: string;
  /** The customer that it is about; null where it is about none. */
  readonly customerId: CustomerId | null;
  readonly before: EventState | null;
  readonly after: EventState | null;
}

/** One event as it is kept: `before` and `after` are kept as text, so that its bytes never change. */
export interface RecordedEvent {
  readonly sequence: number;
  readonly kind: string;
  readonly subject: string;
  readonly customerId: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** What one write did: its events share the instant, the actor and the reason, and are one link of the chain. */
export interface RecordedChange {
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  readonly actor: string;
  readonly reason: string | null;
  /** The link: SHA-256 in lower-case hex. */
  readonly hash: string;
}

/** The end of a partner's record. */
export interface Head {
  /** The last event's; 0 where there is none. */
  readonly sequence: number;
  readonly recordedAt: number;
  readonly hash: string;
}
