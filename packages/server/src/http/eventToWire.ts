/** Events as apps are told them, and which of them an app is told. */

import type { RecordedEvent } from '@seatledger/contract';
import type { Caller } from '../identity/index.ts';
import type { ToldEvent } from '../record/index.ts';
import { instantToWire } from './instants.ts';

/** What is of no customer is for who sees all of them, and what apps may do is for administrators, as it is anywhere else. */
export function isVisible(
  caller: Caller,
  { kind, customerId }: Pick<ToldEvent, 'customerId' | 'kind'>,
): boolean {
  if (kind.startsWith('app.') && !caller.may('seatledger.admin')) return false;
  const customers: ReadonlySet<string> | 'all' = caller.customers;
  return customers === 'all' || (customerId !== null && customers.has(customerId));
}

export function eventToWire(event: ToldEvent): RecordedEvent {
  return {
    sequence: event.sequence,
    recordedAt: instantToWire(event.recordedAt),
    actor: event.actor,
    reason: event.reason,
    kind: event.kind,
    subject: event.subject,
    customerId: event.customerId,
    before: stateToWire(event.before),
    after: stateToWire(event.after),
  };
}

function stateToWire(text: string | null): RecordedEvent['before'] {
  return text === null ? null : (JSON.parse(text) as RecordedEvent['before']);
}
