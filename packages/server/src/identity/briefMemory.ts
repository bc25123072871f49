/** What was read lately enough to go by. Rights that change must take effect everywhere within a second. */

import { ProblemError } from '@seatledger/contract';

/** How long a reading is gone by, in milliseconds. */
const currentMs = 500;
/** A reading that took longer is of a state too long ago to go by. */
const readingMsMax = 1000;

export interface BriefMemory<Value> {
  /** The value where its reading began less than half a second ago. */
  remembered(key: string): Value | undefined;
  /**
   * The value, read unless a reading began less than half a second ago; undefined where there is none.
   *
   * Throws where it cannot be read, or only slowly.
   */
  read(key: string): Promise<Value | undefined>;
  /** Forgets what is remembered of the key, or everything, after a change in this process. */
  forget(key?: string): void;
  /** How often it was asked and had the answer, or had to read it. */
  readonly uses: MemoryUses;
}

export interface MemoryUses {
  hits: number;
  misses: number;
}

interface Reading<Value> {
  readonly beganAt: number;
  readonly ended: Promise<Value | undefined>;
  /** Set once it has ended. */
  value?: Value;
}

/** `monotonicMs` never goes back: how long ago something was read must not depend on the wall clock. */
export function rememberBriefly<Value>(
  read: (key: string) => Promise<Value | undefined>,
  { monotonicMs, rememberedMax }: { monotonicMs: () => number; rememberedMax: number },
): BriefMemory<Value> {
  // A reading that is forgotten while it is under way ends for those who wait for it and for nobody else.
  const readings = new Map<string, Reading<Value>>();

  function current(key: string): Reading<Value> | undefined {
    const reading = readings.get(key);
    return reading !== undefined && monotonicMs() - reading.beganAt < currentMs ? reading : undefined;
  }

  function begin(key: string): Reading<Value> {
    const reading: Reading<Value> = { beganAt: monotonicMs(), ended: end() };
    async function end() {
      try {
        const value = await read(key);
        if (monotonicMs() - reading.beganAt > readingMsMax)
          throw new ProblemError('rights_unverified', {
            cause: new Error(`what was read took longer than ${readingMsMax} ms`),
          });
        if (value !== undefined) reading.value = value;
        return value;
      } finally {
        if (reading.value === undefined && readings.get(key) === reading) readings.delete(key);
      }
    }
    readings.delete(key);
    const oldest = readings.size >= rememberedMax ? readings.keys().next() : undefined;
    if (oldest?.done === false) readings.delete(oldest.value);
    readings.set(key, reading);
    return reading;
  }

  const uses: MemoryUses = { hits: 0, misses: 0 };
  return {
    uses,
    remembered(key) {
      const value = current(key)?.value;
      if (value !== undefined) uses.hits++;
      return value;
    },
    read(key) {
      const reading = current(key);
      if (reading === undefined) uses.misses++;
      else uses.hits++;
      return (reading ?? begin(key)).ended;
    },
    forget(key) {
      if (key === undefined) readings.clear();
      else readings.delete(key);
    },
  };
}
