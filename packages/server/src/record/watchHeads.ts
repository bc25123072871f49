/**
 * Tells those who follow a record when it goes on.
 *
 * What this process changes is told at once. What others change is found by looking: while somebody waits, the head of the partner is read
 * every quarter of a second, once for all who wait.
 */

import type { RecordReads } from './ports.ts';

/** How often heads are looked at, in milliseconds. */
const lookEveryMsDefault = 250;

interface Wait {
  /** What `changes` said before the head was read that the caller knows: what was changed since is looked at now. */
  readonly changesBefore: number;
  readonly waitMs: number;
  readonly unwanted: AbortSignal;
}

export interface HeadWatch {
  /** How often this process has changed something of the partner. */
  changes(partnerId: number): number;
  /**
   * Whether the record goes on after the event: true as soon as it does, false where nothing came in that time, or once it is not
   * wanted any more. Throws where the head cannot be read.
   */
  goesOn(partnerId: number, after: number, wait: Wait): Promise<boolean>;
  /** Says that this process has changed something of the partner. */
  changed(partnerId: number): void;
}

interface Waiting {
  readonly after: number;
  readonly settle: (outcome: boolean | { readonly error: unknown }) => void;
}

interface Watched {
  readonly waiting: Set<Waiting>;
  timer: NodeJS.Timeout | undefined;
  isLooking: boolean;
  /** Whether something was changed while it looked: what it read may be of before. */
  isStale: boolean;
}

export function watchHeads(
  record: Pick<RecordReads, 'head'>,
  { lookEveryMs = lookEveryMsDefault }: { lookEveryMs?: number } = {},
): HeadWatch {
  const changes = new Map<number, number>();
  const partners = new Map<number, Watched>();

  async function look(partnerId: number, watched: Watched): Promise<void> {
    clearTimeout(watched.timer);
    watched.isLooking = true;
    do {
      watched.isStale = false;
      try {
        const { sequence } = await record.head(partnerId);
        for (const one of watched.waiting) if (sequence > one.after) one.settle(true);
      } catch (error) {
        for (const one of watched.waiting) one.settle({ error });
      }
    } while (watched.isStale && watched.waiting.size > 0);
    watched.isLooking = false;
    if (watched.waiting.size > 0) lookLater(partnerId, watched);
    else partners.delete(partnerId);
  }

  function lookLater(partnerId: number, watched: Watched): void {
    watched.timer = setTimeout(() => {
      if (watched.waiting.size > 0) void look(partnerId, watched);
      else partners.delete(partnerId);
    }, lookEveryMs).unref();
  }

  function lookNow(partnerId: number, watched: Watched): void {
    if (watched.isLooking) watched.isStale = true;
    else void look(partnerId, watched);
  }

  function watchedOf(partnerId: number): Watched {
    const known = partners.get(partnerId);
    if (known !== undefined) return known;
    const watched: Watched = { waiting: new Set(), timer: undefined, isLooking: false, isStale: false };
    partners.set(partnerId, watched);
    lookLater(partnerId, watched);
    return watched;
  }

  return {
    changes: (partnerId) => changes.get(partnerId) ?? 0,
    goesOn(partnerId, after, { changesBefore, waitMs, unwanted }) {
      if (unwanted.aborted) return Promise.resolve(false);
      const watched = watchedOf(partnerId);
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      const none = () => one.settle(false);
      const late = setTimeout(none, waitMs).unref();
      const one: Waiting = {
        after,
        settle(outcome) {
          watched.waiting.delete(one);
          clearTimeout(late);
          unwanted.removeEventListener('abort', none);
          if (typeof outcome === 'boolean') resolve(outcome);
          else reject(outcome.error);
        },
      };
      unwanted.addEventListener('abort', none);
      watched.waiting.add(one);
      if ((changes.get(partnerId) ?? 0) !== changesBefore) lookNow(partnerId, watched);
      return promise;
    },
    changed(partnerId) {
      changes.set(partnerId, (changes.get(partnerId) ?? 0) + 1);
      const watched = partners.get(partnerId);
      if (watched !== undefined && watched.waiting.size > 0) lookNow(partnerId, watched);
    },
  };
}
