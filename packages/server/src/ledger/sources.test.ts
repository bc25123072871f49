import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sourcesToldMax } from '@seatledger/contract';
import fc from 'fast-check';
import '../testing/campaign.ts';
import { isActive } from './seats.ts';
import { sourceSpansOf, sourcesOn } from './sources.ts';

const instant = fc.integer({ min: 0, max: 40 });
const lines = fc.array(
  fc.record({
    source: fc.constantFrom(...Array.from({ length: 14 }, (_, index) => `source ${index}`)),
    startsAt: instant,
    expiresAt: fc.option(instant),
  }),
  { maxLength: 30 },
);

describe('the sources of a holding', () => {
  test('are at every instant those of the active lines, each once and in order, so many of them', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: -1, max: 41 }), (held, at) => {
        const active = held.filter((line) => isActive(line, at)).map(({ source }) => source);
        assert.deepEqual(
          sourcesOn(sourceSpansOf(held), at),
          [...new Set(active)].toSorted().slice(0, sourcesToldMax),
        );
      }),
    );
  });

  test('are kept in one way, whatever the order of the lines, and in no more spans than there are lines', () => {
    fc.assert(
      fc.property(
        lines.chain((held) =>
          fc.tuple(fc.constant(held), fc.shuffledSubarray(held, { minLength: held.length })),
        ),
        ([held, shuffled]) => {
          const spans = sourceSpansOf(held);
          assert.deepEqual(sourceSpansOf(shuffled), spans);
          assert.ok(spans.length <= held.length);
        },
      ),
    );
  });

  test('of lines that follow one another are one span', () => {
    const held = [
      { source: 'a', startsAt: 10, expiresAt: 20 },
      { source: 'a', startsAt: 20, expiresAt: 30 },
    ];
    assert.deepEqual(sourceSpansOf(held), [['a', 10, 30]]);
  });
});
