/** The events of the record as they are recorded, over as many connections as it takes. */

import { setTimeout as pause } from 'node:timers/promises';
import { lastEventIdHeader, operations, type RecordedEvent } from '@seatledger/contract';
import { exitCodes } from '../exitCode.ts';
import { Failure, localFailure } from '../failure.ts';
import type { Connection } from './connection.ts';
import { isRecordedEvent } from './eventShape.ts';
import { parsedJson } from './refusal.ts';
import { serverSentBlocks } from './serverSentEvents.ts';

export interface Interruption {
  /** Undefined where the server ended the stream, as it does when a token ends. */
  readonly failure: Failure | undefined;
  /** The last event that came, or that the server said there is; undefined where none was named yet. */
  readonly after: number | undefined;
  /** When the next connection is tried, in milliseconds from now. */
  readonly waitMs: number;
}

interface Following {
  /** The last event that is known already; what is recorded from now on where it is left out. */
  readonly after: number | undefined;
  /** Ends it, without a failure. */
  readonly signal: AbortSignal;
  /** Told before it waits to connect again. */
  readonly onInterruption: (interruption: Interruption) => Promise<void>;
}

/** The server sends something every 15 s: who hears nothing for so long has lost it. */
const silenceMsMax = 45_000;
/** The first wait, which each connection that brings nothing doubles. */
const waitMsMin = 1000;
const waitMsMax = 30_000;

/**
 * Every event after one, each once and in sequence, as many at once as have come in; it goes on until the signal.
 *
 * Fails as any call does where the first connection does; after it, only with what no waiting mends: the app may not read any more, is
 * not there any more, or the record has no such event.
 */
export async function* followEvents(
  connection: Connection,
  { after, signal, onInterruption }: Following,
): AsyncGenerator<readonly RecordedEvent[], undefined> {
  let reached = after;
  let wasConnected = false;
  let barren = 0;

  async function* connected(): AsyncGenerator<readonly RecordedEvent[], undefined> {
    const lost = new AbortController();
    const silence = setTimeout(() => lost.abort(), silenceMsMax);
    try {
      const pieces = await connection.pieces(operations.streamEvents, {
        headers: {
          accept: 'text/event-stream',
          ...(reached === undefined ? {} : { [lastEventIdHeader]: String(reached) }),
        },
        permissions: 'held',
        signal: AbortSignal.any([signal, lost.signal]),
      });
      wasConnected = true;
      for await (const blocks of serverSentBlocks(heard(pieces, silence))) {
        const events = blocks.flatMap(({ data }) => (data === undefined ? [] : [eventOf(data)]));
        if (events.length > 0) yield events;
        // Only now: what the reader did not take is told again.
        const id = blocks.findLast((block) => block.id !== undefined)?.id;
        if (id !== undefined) reached = Number(id);
        barren = 0;
      }
      return undefined;
    } catch (error) {
      throw lost.signal.aborted ? silent() : error;
    } finally {
      clearTimeout(silence);
    }
  }

  while (!signal.aborted) {
    let failure: Failure | undefined;
    try {
      yield* connected();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof Failure) || !wasConnected || isLasting(error)) throw error;
      failure = error;
    }
    if (signal.aborted) return undefined;
    const grownMs = Math.min(waitMsMin * 2 ** barren, waitMsMax);
    const waitMs = Math.max(grownMs, (failure?.facts.retryAfterSeconds ?? 0) * 1000);
    barren += 1;
    await onInterruption({ failure, after: reached, waitMs });
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Whether no waiting mends it. */
function isLasting({ facts: { code, exitCode } }: Failure): boolean {
  return exitCode === exitCodes.notAllowed || exitCode === exitCodes.notFound || code === 'parameter_invalid';
}

async function* heard(
  pieces: AsyncIterable<string>,
  silence: NodeJS.Timeout,
): AsyncGenerator<string, undefined> {
  for await (const piece of pieces) {
    silence.refresh();
    yield piece;
  }
  return undefined;
}

function eventOf(data: string): RecordedEvent {
  const event = parsedJson(data);
  if (!isRecordedEvent(event))
    throw localFailure(
      'answer_unreadable',
      'The stream has an event in a form that is not of a seatledger server.',
    );
  return event;
}

function silent(): Failure {
  return localFailure('answer_late', `Nothing came from the server for ${silenceMsMax / 1000} s.`);
}
