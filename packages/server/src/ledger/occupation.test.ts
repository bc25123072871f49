import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { occupationFrom } from './occupation.ts';

const now = 1000;

describe('what is occupied of a pool', () => {
  for (const [what, steps, expected] of [
    ['is nothing without a step', [], [0, 0]],
    ['is what the step of this instant says', [[1000, 5]], [5, 5]],
    ['is what the step before says', [[10, 5]], [5, 5]],
    ['is nothing before the first step', [[1001, 5]], [0, 5]],
    [
      'is at most what a later step says',
      [
        [10, 5],
        [1001, 7],
        [2000, 6],
      ],
      [5, 7],
    ],
    [
      'is at most what it is now where it only gets less',
      [
        [1000, 5],
        [1001, 0],
      ],
      [5, 5],
    ],
    [
      'is not what it once was',
      [
        [10, 9],
        [20, 5],
        [2000, 0],
      ],
      [5, 5],
    ],
  ] as const) {
    test(what, () => {
      const { occupied, occupiedMax } = occupationFrom(
        steps.map(([at, seats]) => ({ at, occupied: seats })),
        now,
      );
      assert.deepEqual([occupied, occupiedMax], expected);
    });
  }

  test('is the sum of the grants of an instant, and at most that of the fullest one to come', () => {
    const grant = fc.record({
      startsAt: fc.integer({ min: 0, max: 30 }),
      length: fc.integer({ min: 1, max: 30 }),
      seats: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 8 }), fc.integer({ min: 0, max: 60 }), (grants, at) => {
        const occupiedAt = (instant: number) =>
          grants
            .filter(({ startsAt, length }) => startsAt <= instant && instant < startsAt + length)
            .reduce((sum, { seats }) => sum + seats, 0);
        const boundaries = grants.flatMap(({ startsAt, length }) => [startsAt, startsAt + length]);
        const steps = [...new Set(boundaries)]
          .toSorted((one, other) => one - other)
          .map((instant) => ({ at: instant, occupied: occupiedAt(instant) }));
        const later = Array.from({ length: 61 }, (_, ahead) => occupiedAt(at + ahead));
        assert.deepEqual(occupationFrom(steps, at), {
          occupied: occupiedAt(at),
          occupiedMax: Math.max(...later),
        });
      }),
    );
  });
});
