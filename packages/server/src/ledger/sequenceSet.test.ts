import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import '../testing/campaign.ts';
import { SequenceSet } from './sequenceSet.ts';

test('a set of sequences has exactly those that were added, and tells which were new', () => {
  const sequence = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 200_000 }), fc.maxSafeNat());
  fc.assert(
    fc.property(fc.array(sequence), fc.array(sequence), (added, asked) => {
      const ours = new SequenceSet();
      const theirs = new Set<number>();
      for (const one of added) {
        assert.equal(ours.add(one), !theirs.has(one));
        theirs.add(one);
      }
      for (const one of [...added, ...asked]) assert.equal(ours.has(one), theirs.has(one));
    }),
  );
});
