import { type EventsPage, type ListEventsQuery, operations, type RecordHead } from '@seatledger/contract';
import type { FastifyReply } from 'fastify';
import { readEvents, type RecordReads } from '../../record/index.ts';
import { isAnsweredByTag, rightsOf, varyBy, weakTag } from '../conditional.ts';
import { eventToWire, isVisible } from '../eventToWire.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import { refuseParameter } from '../page.ts';
import type { Route } from '../route.ts';

const rowsDefault = 100;

/** `version` is the server's: what another one tagged may be of another form. */
export function events(record: RecordReads, version: string): readonly Route[] {
  return [
    {
      operation: operations.listEvents,
      compresses: true,
      async answer(request, reply): Promise<EventsPage | FastifyReply> {
        const { after = 0, limit = rowsDefault } = request.query as ListEventsQuery;
        const caller = callerOf(request);
        const { partnerId } = caller;
        const { sequence: head, hash } = await record.head(partnerId);
        // A record that is shorter than what its reader knows was put back to an earlier state; that must not pass for the end.
        if (after > head) return refuseParameter('after', 'after_last_event');
        varyBy(reply, 'Authorization, Accept-Encoding');
        const tag = weakTag([version, operations.listEvents.id, after, limit, hash, rightsOf(caller)]);
        if (isAnsweredByTag(request, reply, tag)) return reply;
        const page = await readEvents(record, partnerId, {
          after,
          through: head,
          limit,
          sees: (event) => isVisible(caller, event),
        });
        return {
          data: page.events.map(eventToWire),
          nextAfter: page.reached,
          hasMore: page.reached < head,
        };
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
