import { Readable } from 'node:stream';
import { lastEventIdHeader, operations, type StreamEventsQuery } from '@seatledger/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type HeadWatch, readEvents, type RecordReads, type ToldEvent } from '../../record/index.ts';
import { eventToWire, isVisible } from '../eventToWire.ts';
import { bearerOf, callerOf } from '../guard.ts';
import type { OpenStream, OpenStreams } from '../openStreams.ts';
import { refuseParameter } from '../page.ts';
import type { Route } from '../route.ts';

/** How long nothing is sent at the most: what lies between keeps a connection that is used. */
const heartbeatMsDefault = 15_000;
/** How long a client waits before it connects again, in milliseconds. */
const retryMs = 1000;
/** How many events are in memory at once for one stream. */
const eventsAtOnce = 100;

export function streamEvents(
  record: RecordReads,
  heads: HeadWatch,
  streams: OpenStreams,
  { heartbeatMs = heartbeatMsDefault }: { heartbeatMs?: number } = {},
): Route {
  const operation = operations.streamEvents;

  /** The events after one, for as long as the stream is open. */
  async function* textsOf(
    { over, caller }: OpenStream,
    partnerId: number,
    after: number,
  ): AsyncGenerator<string, undefined> {
    let reached = after;
    // Who loses the connection before the first event goes on from here.
    yield `retry: ${retryMs}\n${idText(reached)}`;
    for (;;) {
      const changesBefore = heads.changes(partnerId);
      const reader = await caller();
      if (reader === undefined) return undefined;
      const { sequence: head } = await record.head(partnerId);
      const page = await readEvents(record, partnerId, {
        after: reached,
        through: head,
        limit: eventsAtOnce,
        sees: (event) => isVisible(reader, event),
      });
      const told = page.events.at(-1)?.sequence ?? reached;
      const text = page.events.map(eventText).join('') + (page.reached > told ? idText(page.reached) : '');
      ({ reached } = page);
      if (text !== '') yield text;
      if (reached < head) continue;
      const wait = { changesBefore, waitMs: heartbeatMs, unwanted: over };
      for (;;) {
        if (await heads.goesOn(partnerId, reached, wait)) break;
        if (over.aborted) return undefined;
        yield ':\n\n';
      }
    }
  }

  return {
    operation,
    prepare(surroundings) {
      surroundings.addHook('preClose', (done) => {
        streams.endAll();
        done();
      });
    },
    async answer(request, reply): Promise<FastifyReply> {
      const caller = callerOf(request);
      const { partnerId } = caller;
      const { sequence: head } = await record.head(partnerId);
      const { field, after } = placeOf(request) ?? { field: 'after', after: head };
      // As with listEvents: a record that is shorter was put back to an earlier state.
      if (after > head) refuseParameter(field, 'after_last_event');
      // Nothing on the way may keep it back, or make it smaller: both would wait for more of it.
      void reply
        .type('text/event-stream')
        .header('cache-control', 'no-store, no-transform')
        .header('x-accel-buffering', 'no');
      if (request.method === 'HEAD') return reply.send(Readable.from([]));
      const stream = streams.open({ token: bearerOf(request), sender: { ip: request.ip }, caller }, reply);
      // The connection has served its time: nothing that stops waits for a next request on it.
      void reply.header('connection', 'close');
      const texts = endingQuietly(request, stream.over, textsOf(stream, partnerId, after));
      return reply.send(Readable.from(texts, { highWaterMark: 1 }));
    },
  };
}

/** Where the stream begins; undefined where the request does not say. Throws `parameter_invalid`. */
function placeOf({ headers, query }: FastifyRequest): { field: string; after: number } | undefined {
  const lastEventId = headers[lastEventIdHeader];
  if (lastEventId === undefined) {
    const { after } = query as StreamEventsQuery;
    return after === undefined ? undefined : { field: 'after', after };
  }
  const field = 'Last-Event-ID';
  const sequence = Number(lastEventId);
  if (typeof lastEventId !== 'string' || !/^\d{1,16}$/.test(lastEventId) || !Number.isSafeInteger(sequence))
    refuseParameter(field, 'value_invalid', 'Use the id of the last event that came.');
  return { field, after: sequence };
}

/** No text of an event has a line end: as JSON it is one line. */
function eventText(event: ToldEvent): string {
  return `id: ${event.sequence}\nevent: ${event.kind}\ndata: ${JSON.stringify(eventToWire(event))}\n\n`;
}

/** An event without data is none, but its id counts (HTML standard, "Interpreting an event stream"). */
function idText(sequence: number): string {
  return `id: ${sequence}\n\n`;
}

/** Ends where it cannot go on: the client comes again with its last id, and is told then what is wrong. */
async function* endingQuietly(
  request: FastifyRequest,
  over: AbortSignal,
  texts: AsyncIterable<string>,
): AsyncGenerator<string, undefined> {
  try {
    yield* texts;
  } catch (error) {
    if (!over.aborted) request.log.error({ err: error, requestId: request.id }, 'an event stream broke off');
  }
  return undefined;
}
