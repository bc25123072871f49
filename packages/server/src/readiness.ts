/** Whether requests can be answered: asked often and by anybody, so that it is looked at seldom. */

import { ProblemError } from '@seatledger/contract';
import type { StoreProbe } from './store/probe.ts';

/** How long what was seen holds, in milliseconds. */
const seenMs = 500;
/** How long it is looked at the most, in milliseconds: whoever asks gives up after a second. */
const lookMs = 900;

export interface Readiness {
  /** Throws `server_stopping`, `store_unreachable` or `rights_unverified` where requests cannot be answered, within a second. */
  require(): Promise<void>;
  /** From now on no more requests are to be sent here, though those that come are answered. */
  stop(): void;
  /** What the store was seen to be, by the same look; undefined where it could not be looked at. */
  probe(): Promise<StoreProbe | undefined>;
}

interface Look {
  readonly beganAt: number;
  readonly seen: Promise<StoreProbe>;
  isUnderway: boolean;
}

/** `monotonicMs` never goes back. */
export function watchReadiness({
  probe,
  requireKeys,
  monotonicMs,
}: {
  probe: () => Promise<StoreProbe>;
  requireKeys: () => Promise<void>;
  monotonicMs: () => number;
}): Readiness {
  let last: Look | undefined;
  let isStopping = false;

  async function see(): Promise<StoreProbe> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(unreachable(new Error(`the store did not answer within ${lookMs} ms`))),
      lookMs,
    );
    try {
      const [found] = await Promise.race([Promise.all([probe(), requireKeys()]), late]);
      if (!found.isMigrated) throw unreachable(new Error('the store has not the schema of this version'));
      return found;
    } catch (error) {
      throw error instanceof ProblemError ? error : unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whoever asks while it is looked at waits for that look. */
  function look(): Promise<StoreProbe> {
    if (last?.isUnderway || (last !== undefined && monotonicMs() - last.beganAt < seenMs)) return last.seen;
    const seen = see();
    const begun: Look = { beganAt: monotonicMs(), seen, isUnderway: true };
    const end = () => {
      begun.isUnderway = false;
    };
    seen.then(end, end);
    last = begun;
    return seen;
  }

  return {
    async require() {
      if (isStopping) throw new ProblemError('server_stopping');
      await look();
    },
    stop() {
      isStopping = true;
    },
    probe: () => look().catch(() => undefined),
  };
}

function unreachable(cause: unknown): ProblemError {
  return new ProblemError('store_unreachable', { cause });
}
