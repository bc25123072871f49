import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import '../testing/campaign.ts';
import { type Allowance, createTokenBuckets } from './tokenBuckets.ts';

const perSecond: Allowance = { tokens: 100, periodMs: 1000, burst: 200 };

function open(allowance: Allowance, bucketsMax?: number) {
  const clock = { now: 5000 };
  const bound = bucketsMax === undefined ? {} : { bucketsMax };
  const buckets = createTokenBuckets(allowance, { monotonicMs: () => clock.now, ...bound });
  return { buckets, clock };
}

describe('a bucket', () => {
  test('holds its burst at first, and says what is left', () => {
    const { buckets } = open(perSecond);
    for (let left = 199; left >= 0; left--) assert.equal(buckets.take('an app'), left);
    assert.equal(buckets.take('an app'), -1);
  });

  test('gets its tokens evenly over the period, and no more than it holds', () => {
    const { buckets, clock } = open(perSecond);
    for (let taken = 0; taken < 200; taken++) buckets.take('an app');
    clock.now += 9;
    assert.equal(buckets.take('an app'), -1);
    clock.now += 1;
    assert.equal(buckets.take('an app'), 0);
    assert.equal(buckets.take('an app'), -1);
    clock.now += 1_000_000;
    assert.equal(buckets.take('an app'), 199);
  });

  test('is one for each key', () => {
    const { buckets } = open({ ...perSecond, burst: 1 });
    assert.equal(buckets.take('an app'), 0);
    assert.equal(buckets.take('another app'), 0);
    assert.equal(buckets.take('an app'), -1);
  });

  test('says how long to wait in whole seconds, and 0 where there is a token', () => {
    const { buckets, clock } = open({ tokens: 20, periodMs: 60_000, burst: 20 });
    assert.equal(buckets.waitSeconds('an app'), 0);
    for (let taken = 0; taken < 20; taken++) buckets.take('an app');
    assert.equal(buckets.waitSeconds('an app'), 3);
    clock.now += 1000;
    assert.equal(buckets.waitSeconds('an app'), 2);
    clock.now += 1999;
    assert.equal(buckets.waitSeconds('an app'), 1);
    clock.now += 1;
    assert.equal(buckets.waitSeconds('an app'), 0);
  });

  test('owes what is charged beyond what it has, and at most as much as it holds', () => {
    const { buckets, clock } = open({ tokens: 1, periodMs: 1000, burst: 10 });
    for (let charged = 0; charged < 15; charged++) buckets.charge('an app');
    assert.equal(buckets.waitSeconds('an app'), 6);
    assert.equal(buckets.take('an app'), -1);
    for (let charged = 0; charged < 1000; charged++) buckets.charge('an app');
    assert.equal(buckets.waitSeconds('an app'), 11);
    clock.now += 11_000;
    assert.equal(buckets.take('an app'), 0);
  });
});

describe('the buckets that are kept', () => {
  test('are none for a key that is only asked about', () => {
    const { buckets } = open(perSecond);
    buckets.waitSeconds('an app');
    assert.equal(buckets.size, 0);
  });

  test('are as many as they may be, however many keys there are', () => {
    const { buckets } = open(perSecond, 100);
    for (let key = 0; key < 1000; key++) buckets.take(`app ${key}`);
    assert.equal(buckets.size, 100);
  });

  test('become fewer as they are full again and others come', () => {
    const { buckets, clock } = open(perSecond, 1000);
    for (let key = 0; key < 1000; key++) buckets.take(`app ${key}`);
    clock.now += 1000;
    for (let key = 0; key < 400; key++) buckets.take(`later app ${key}`);
    assert.ok(buckets.size < 500, `${buckets.size}`);
  });

  test('are not forgotten while something is missing from them, for keys that come new', () => {
    const { buckets } = open({ ...perSecond, burst: 3 }, 2);
    for (const key of ['one', 'other']) for (let taken = 0; taken < 3; taken++) buckets.take(key);
    for (let key = 0; key < 100; key++) buckets.take(`app ${key}`);
    for (const key of ['one', 'other']) assert.equal(buckets.take(key), -1);
  });

  test('leave one for all who come beyond them, and none of them the fuller for it later', () => {
    const { buckets, clock } = open({ tokens: 1, periodMs: 1000, burst: 3 }, 1);
    for (let taken = 0; taken < 3; taken++) buckets.take('first');
    assert.deepEqual(
      ['second', 'third', 'second', 'fourth'].map((key) => buckets.take(key)),
      [2, 1, 0, -1],
    );
    assert.equal(buckets.waitSeconds('fifth'), 1);
    clock.now += 3000;
    // Now there is room for one, and what it begins with is what it would have had.
    assert.deepEqual([buckets.take('second'), buckets.size], [2, 1]);
  });
});

const allowances = fc.record({
  tokens: fc.integer({ min: 1, max: 50 }),
  periodMs: fc.constantFrom(1000, 7000, 60_000),
  burst: fc.integer({ min: 1, max: 20 }),
});
const steps = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 4 }),
    waitMs: fc.oneof(fc.constant(0), fc.nat({ max: 200 }), fc.nat({ max: 20_000 })),
  }),
  { maxLength: 200, size: 'max' },
);
const bounds = fc.integer({ min: 1, max: 6 });

describe('whoever asks when and in whatever order, and however few buckets are kept', () => {
  test('gets in any time at most the burst and what comes in that time', () => {
    fc.assert(
      fc.property(allowances, steps, bounds, (allowance, asked, bucketsMax) => {
        const { buckets, clock } = open(allowance, bucketsMax);
        const { tokens, periodMs, burst } = allowance;
        const letThrough = new Map<number, number[]>();
        for (const { key, waitMs } of asked) {
          clock.now += waitMs;
          if (buckets.take(String(key)) >= 0)
            letThrough.set(key, [...(letThrough.get(key) ?? []), clock.now]);
        }
        for (const times of letThrough.values()) {
          for (const [first, from] of times.entries()) {
            for (const [last, to] of times.entries()) {
              // In whole numbers, so that nothing is forgiven.
              if (last >= first)
                assert.ok((last - first + 1) * periodMs <= burst * periodMs + (to - from) * tokens);
            }
          }
        }
      }),
    );
  });

  test('gets a token after the seconds that it was told to wait, and never before they are needed', () => {
    fc.assert(
      fc.property(allowances, steps, bounds, (allowance, asked, bucketsMax) => {
        const { buckets, clock } = open(allowance, bucketsMax);
        for (const { key, waitMs } of asked) {
          clock.now += waitMs;
          const wait = buckets.waitSeconds(String(key));
          assert.equal(buckets.take(String(key)) === -1, wait > 0);
          if (wait === 0) continue;
          clock.now += (wait - 1) * 1000;
          if (wait > 1) assert.equal(buckets.take(String(key)), -1);
          clock.now += 1000;
          assert.ok(buckets.take(String(key)) >= 0);
        }
      }),
    );
  });
});
