/** Token buckets, one for each key: how much is let through at once, and how fast more of it. */

/** How many buckets are kept where nobody says otherwise. */
const bucketsMaxDefault = 10_000;
/** How many buckets are looked at, and forgotten if they are full, for each that is new. More than one, so that they become fewer. */
const lookedAt = 4;

export interface Allowance {
  /** So many tokens come in each period, evenly. */
  readonly tokens: number;
  readonly periodMs: number;
  /** How many a bucket holds at most, and at first. */
  readonly burst: number;
}

export interface TokenBuckets {
  /** Takes a token of the key's bucket and says how many whole ones are left; takes none and says -1 where there is none. */
  take(key: string): number;
  /** Takes a token that is used already. A bucket comes to owe at most as many as it holds. */
  charge(key: string): void;
  /** Whole seconds until the key's bucket has a token, rounded up; 0 where it has one. */
  waitSeconds(key: string): number;
  /** How many buckets are kept. */
  readonly size: number;
}

/** All that a bucket is; nothing else is made for a request. */
interface Bucket {
  /** What it lacks to be full, in parts of a token; there are as many parts as the period has milliseconds. */
  missing: number;
  /** When that was so. */
  at: number;
}

/**
 * In any time a key gets at most its burst and what came in that time, whatever other keys there are.
 *
 * `monotonicMs` never goes back. A bucket that is full again is like a new one, so it may be forgotten; any other is kept. Where there
 * are as many of these as are kept at all, keys that come new share one bucket.
 */
export function createTokenBuckets(
  { tokens, periodMs, burst }: Allowance,
  { monotonicMs, bucketsMax = bucketsMaxDefault }: { monotonicMs: () => number; bucketsMax?: number },
): TokenBuckets {
  const capacity = burst * periodMs;
  const buckets = new Map<string, Bucket>();
  const shared: Bucket = { missing: 0, at: monotonicMs() };
  let next = buckets.entries();

  function refill(bucket: Bucket, now: number): Bucket {
    bucket.missing = Math.max(0, bucket.missing - (now - bucket.at) * tokens);
    bucket.at = now;
    return bucket;
  }

  /** Goes round, a few at a time, so that a new key costs the same however many there are. */
  function forgetSome(now: number): void {
    for (let looked = 0; looked < lookedAt; looked++) {
      const { value, done } = next.next();
      if (done) next = buckets.entries();
      else if (refill(value[1], now).missing === 0) buckets.delete(value[0]);
    }
  }

  function bucketOf(key: string, now: number): Bucket {
    const known = buckets.get(key);
    if (known !== undefined) return refill(known, now);
    forgetSome(now);
    refill(shared, now);
    if (buckets.size >= bucketsMax) return shared;
    // What the key has had of the shared bucket is missing from its own.
    const bucket = { missing: shared.missing, at: now };
    buckets.set(key, bucket);
    return bucket;
  }

  return {
    take(key) {
      const bucket = bucketOf(key, monotonicMs());
      if (bucket.missing + periodMs > capacity) return -1;
      bucket.missing += periodMs;
      return Math.floor((capacity - bucket.missing) / periodMs);
    },
    charge(key) {
      const bucket = bucketOf(key, monotonicMs());
      bucket.missing = Math.min(bucket.missing + periodMs, 2 * capacity);
    },
    waitSeconds(key) {
      // Asking makes no bucket; a new one would lack what the shared one does.
      const { missing } = refill(buckets.get(key) ?? shared, monotonicMs());
      return Math.max(0, Math.ceil((missing + periodMs - capacity) / (tokens * 1000)));
    },
    get size() {
      return buckets.size;
    },
  };
}
