/** Processes that share their keys: whatever one signs with, the others know it, or know that they may not. */

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { generateKeyPair } from 'jose';
import { runs } from '../testing/campaign.ts';
import { keysInMemory } from '../testing/identity.ts';
import { someDay } from '../testing/store.ts';
import { type KeyRing, openKeyRing, rotateKeys } from './keys.ts';

const rotationsMax = 5;
/** A key takes long to make, so that these are made once. One more is the first. */
const made = await Promise.all(
  Array.from({ length: rotationsMax + 1 }, () =>
    generateKeyPair('RS256', { modulusLength: 2048, extractable: true }),
  ),
);

type Step =
  | { readonly what: 'pass'; readonly ms: number }
  /** By a clock that is behind, or by a process that takes so long to make the key. */
  | { readonly what: 'rotate'; readonly lateMs: number }
  | { readonly what: 'refresh'; readonly process: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ what: fc.constant('pass' as const), ms: someMs() }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('rotate' as const), lateMs: fc.nat(4999) }) },
    { weight: 4, arbitrary: fc.record({ what: fc.constant('refresh' as const), process: fc.nat(1) }) },
  ),
  { minLength: 10, maxLength: 60 },
);

function someMs(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: 1, max: 12_000 }),
    fc.constantFrom(1000, 4999, 5000, 9999, 10_000, 290_000, 3_595_000),
    fc.integer({ min: 60_000, max: 4_500_000 }),
  );
}

/** How long a process signs by what it read last. */
const signsUnreadMs = 4999;

test('a token that one process signs verifies with the others to its end, or they say that they cannot know', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      let now = someDay;
      const kept = keysInMemory();
      const left = [...made];
      mock.method(crypto.subtle, 'generateKey', async () => {
        const pair = left.shift();
        assert.ok(pair !== undefined);
        return pair;
      });
      try {
        const opening = { clock: { now: () => now }, monotonicMs: () => now, onRemoval: () => undefined };
        const rings = [await openKeyRing(kept, opening), await openKeyRing(kept, opening)];
        const readAt = [now, now];
        const signed: { kid: string; at: number }[] = [];
        let newest = { kid: rings[0]?.signing().kid, signsAt: now, madeAt: now };

        for (const step of history) {
          if (step.what === 'pass') now += step.ms;
          else if (step.what === 'refresh') {
            await rings[step.process]?.refresh();
            readAt[step.process] = now;
          } else if (left.length > 0) {
            const { kid, signsAt } = await rotateKeys(kept, { now: now - step.lateMs, dropOthers: false });
            newest = { kid, signsAt, madeAt: now };
          }
          for (const [index, ring] of rings.entries()) {
            const unreadMs = now - (readAt[index] ?? 0);
            if (unreadMs > signsUnreadMs) continue;
            const { kid } = ring.signing();
            signed.push({ kid, at: now });
            if ((readAt[index] ?? 0) > newest.madeAt && now >= newest.signsAt) assert.equal(kid, newest.kid);
            if (now < newest.signsAt) assert.notEqual(kid, newest.kid);
          }
          for (const { kid, at } of signed)
            if (now < at + 3_600_000)
              for (const [index, ring] of rings.entries()) assertKnown(ring, kid, now - (readAt[index] ?? 0));
        }
      } finally {
        mock.restoreAll();
      }
    }),
    { numRuns: runs(100) },
  );
});

function assertKnown(ring: KeyRing, kid: string, unreadMs: number): void {
  // Then the keys are read again before any is used, or it is said that they cannot be.
  if (unreadMs >= 5000) return;
  assert.ok(ring.verifying(kid) !== undefined, `${kid} is not known ${unreadMs} ms after the keys were read`);
}
