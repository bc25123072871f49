import {
  type EventsPage,
  type ListEventsQuery,
  operations,
  type RecordedEvent,
  type RecordHead,
} from '@seatledger/contract';
import type { Caller } from '../../identity/index.ts';
import { readEvents, type RecordReads, type ToldEvent } from '../../record/index.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import { refuseParameter } from '../page.ts';
import type { Route } from '../route.ts';

const rowsDefault = 100;

export function events(record: RecordReads): readonly Route[] {
  return [
    {
      operation: operations.listEvents,
      async answer(request): Promise<EventsPage> {
        const { after = 0, limit = rowsDefault } = request.query as ListEventsQuery;
        const caller = callerOf(request);
        const sees = (event: SeenEvent) => isVisible(caller, event);
        const page = await readEvents(record, caller.partnerId, { after, limit, sees });
        // A record that is shorter than what its reader knows was put back to an earlier state; that must not pass for the end.
        if (page === 'after_last_event') return refuseParameter('after', page);
        return { data: page.events.map(eventToWire), nextAfter: page.reached, hasMore: page.hasMore };
      },
    },
    {
      operation: operations.getRecordHead,
      async answer(request): Promise<RecordHead> {
        const { sequence, hash, recordedAt } = await record.head(callerOf(request).partnerId);
        return { sequence, hash, recordedAt: sequence === 0 ? null : instantToWire(recordedAt) };
      },
    },
  ];
}

type SeenEvent = Pick<ToldEvent, 'customerId' | 'kind'>;

/** What is of no customer is for who sees all of them, and what apps may do is for administrators, as it is anywhere else. */
function isVisible(caller: Caller, { kind, customerId }: SeenEvent): boolean {
  if (kind.startsWith('app.') && !caller.may('seatledger.admin')) return false;
  const customers: ReadonlySet<string> | 'all' = caller.customers;
  return customers === 'all' || (customerId !== null && customers.has(customerId));
}

function eventToWire(event: ToldEvent): RecordedEvent {
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
