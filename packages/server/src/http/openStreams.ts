/** The streams that are open: how many there may be, and that each ends when its app may not read it any more. */

import { ProblemError } from '@seatledger/contract';
import type { FastifyReply } from 'fastify';
import type { Authenticate, Caller } from '../identity/index.ts';

export interface StreamBounds {
  /** How many streams one app may have open of this process. */
  readonly perAppMax: number;
  readonly perProcessMax: number;
  /** How often is looked whether an app may still read, in milliseconds. */
  readonly checkEveryMs: number;
  /** How long it may not be known whether an app may, in milliseconds. */
  readonly uncheckedMsMax: number;
  /** How long a reader may leave what was sent untaken, in milliseconds. */
  readonly untakenMsMax: number;
}

/** What an app may do is remembered for half a second: with what is below, a stream ends within one. */
export const streamBounds: StreamBounds = {
  perAppMax: 10,
  perProcessMax: 1000,
  checkEveryMs: 250,
  uncheckedMsMax: 500,
  untakenMsMax: 30_000,
};

/** How long a reader has to take what was sent before its stream ended, in milliseconds: it too belongs to the second. */
const takenWithinMs = 200;

/** Seconds after which an app may see whether one of its streams has ended. */
const retryAfterSeconds = 5;

export interface OpenStream {
  /** Aborted when the stream is to end. */
  readonly over: AbortSignal;
  /** Who reads now, and may do at least what it could when it asked; undefined where nobody may any more. */
  readonly caller: () => Promise<Caller | undefined>;
}

interface StreamRequest {
  readonly token: string;
  readonly sender: { readonly ip: string };
  /** Who asked for the stream. */
  readonly caller: Caller;
}

export interface OpenStreams {
  /** Takes in the stream that the reply is; it is forgotten once that is closed. Throws `stream_limit_reached` and `streams_busy`. */
  open(request: StreamRequest, reply: FastifyReply): OpenStream;
  endAll(): void;
  /** How many are open. */
  count(): number;
}

interface Held {
  readonly clientId: string;
  readonly check: () => void;
  readonly end: () => void;
}

export function openStreams(
  authenticate: Authenticate,
  monotonicMs: () => number,
  bounds: StreamBounds = streamBounds,
): OpenStreams {
  const held = new Set<Held>();
  let timer: NodeJS.Timeout | undefined;

  function take(stream: Held): void {
    held.add(stream);
    timer ??= setInterval(() => {
      for (const each of held) each.check();
    }, bounds.checkEveryMs).unref();
  }

  function forget(stream: Held): void {
    held.delete(stream);
    if (held.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  return {
    open({ token, sender, caller: first }, reply) {
      const { clientId } = first;
      if (held.size >= bounds.perProcessMax) throw new ProblemError('streams_busy');
      if ([...held].filter((stream) => stream.clientId === clientId).length >= bounds.perAppMax) {
        void reply.header('retry-after', String(retryAfterSeconds));
        throw new ProblemError('stream_limit_reached', {
          detail: `The app has ${bounds.perAppMax} event streams open, and may have no more of this process.`,
        });
      }
      const over = new AbortController();
      let known = first;
      /** When the check began that was the last to find that the app may. */
      let checkedAt = monotonicMs();
      const isTaken = takenWatch(reply.raw, monotonicMs, bounds.untakenMsMax);

      async function caller(): Promise<Caller | undefined> {
        const beganAt = monotonicMs();
        const authentication = await authenticate(token, sender);
        if ('refused' in authentication || isNarrower(authentication.caller, known)) {
          stream.end();
          return undefined;
        }
        known = authentication.caller;
        checkedAt = Math.max(checkedAt, beganAt);
        return over.signal.aborted ? undefined : known;
      }

      const stream: Held = {
        clientId,
        check() {
          if (monotonicMs() - checkedAt > bounds.uncheckedMsMax) stream.end();
          else if (isTaken()) void caller();
          else reply.raw.destroy();
        },
        end() {
          if (over.signal.aborted) return;
          over.abort();
          // Who does not take what was sent would not see the end either, and hold the connection.
          if (reply.raw.writableNeedDrain) reply.raw.destroy();
          else setTimeout(() => reply.raw.destroy(), takenWithinMs).unref();
        },
      };
      // One that left while it was looked at who asks is not told of again.
      if (reply.raw.destroyed) over.abort();
      else {
        take(stream);
        reply.raw.once('close', () => {
          over.abort();
          forget(stream);
        });
      }
      return { over: over.signal, caller };
    },
    endAll() {
      for (const stream of held) stream.end();
    },
    count: () => held.size,
  };
}

/** Whether the reader has taken something of what waits for it in the last so many milliseconds, each time that it is asked. */
function takenWatch(
  raw: FastifyReply['raw'],
  monotonicMs: () => number,
  untakenMsMax: number,
): () => boolean {
  let untaken: { readonly bytes: number; readonly sinceMs: number } | undefined;
  return () => {
    if (!raw.writableNeedDrain) {
      untaken = undefined;
      return true;
    }
    // More is written only once all of this is taken.
    const bytes = raw.socket?.bytesWritten ?? 0;
    if (untaken?.bytes !== bytes) untaken = { bytes, sinceMs: monotonicMs() };
    return monotonicMs() - untaken.sinceMs <= untakenMsMax;
  };
}

/** Whether the caller may do less than before, or sees fewer customers. */
function isNarrower(now: Caller, before: Caller): boolean {
  if (now === before) return false;
  if ([...before.permissions].some((permission) => before.may(permission) && !now.may(permission)))
    return true;
  if (now.scopeVersion === before.scopeVersion || now.customers === 'all') return false;
  return before.customers === 'all' || !before.customers.isSubsetOf(now.customers);
}
