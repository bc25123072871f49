/**
 * Whether this process has more to do than it can: told by how long one turn of the event loop takes, which is how long what waits
 * in the sockets has waited already.
 *
 * A process that is not overloaded pays one callback a turn and one look at the clock a request.
 */

export interface Load {
  /** Asked once for each request, as it comes. */
  isTooMuch(): boolean;
}

/**
 * A turn that takes longer than `turnMs` takes no more requests, where the turn before was long too: a single long one may be a pause of
 * the machine. `monotonicMs` never goes back.
 */
export function watchLoad({ monotonicMs, turnMs }: { monotonicMs: () => number; turnMs: number }): Load {
  let beganMs: number | undefined;
  let wasLong = false;

  function endTurn(): void {
    wasLong = beganMs !== undefined && monotonicMs() - beganMs > turnMs;
    beganMs = undefined;
  }

  return {
    isTooMuch() {
      const now = monotonicMs();
      if (beganMs === undefined) {
        beganMs = now;
        // Runs once all sockets that had something were read.
        setImmediate(endTurn);
      }
      return wasLong && now - beganMs > turnMs;
    },
  };
}

/** In milliseconds. With it, a request that is taken waits for two turns at the most: its own, and the one before. */
export const turnMsMax = 250;

/** What whoever runs the server asks, to learn whether it is well: never refused. */
const askedOfHealth: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

export function isAboutHealth(url: string): boolean {
  // As the router takes them: in any case, with a slash at the end, and whatever is asked behind them.
  return askedOfHealth.has((/^[^?]*?(?=\/?(?:\?|$))/.exec(url)?.[0] ?? '').toLowerCase());
}
