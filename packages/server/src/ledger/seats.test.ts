import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import '../testing/campaign.ts';
import { assignable, countSeats, purchasedOn, type Term, timelineOf } from './seats.ts';

const resources = ['Office365Backup', 'Office365PPBackup', 'Office365EXODBackup'];
const instant = fc.integer({ min: 0, max: 40 });
const terms = fc.array(
  fc.record({
    resource: fc.constantFrom(...resources),
    seats: fc.integer({ min: 0, max: 2_147_483_647 }),
    startsAt: instant,
    expiresAt: fc.option(instant),
  }),
  { maxLength: 12 },
);

/** The rule as the design states it: the largest, over the resources, of the sum of the lines active at the instant. */
function purchasedByDefinition(lines: readonly Term[], at: number): number {
  const isActive = ({ startsAt, expiresAt }: Term) =>
    startsAt <= at && (expiresAt === null || at < expiresAt);
  return Math.max(
    0,
    ...resources.map((resource) =>
      lines
        .filter((each) => each.resource === resource && isActive(each))
        .reduce((sum, { seats }) => sum + seats, 0),
    ),
  );
}

function line(seats: number, term: Partial<Term> = {}): Term {
  return { resource: 'Office365Backup', seats, startsAt: 0, expiresAt: null, ...term };
}

function purchased(lines: readonly Term[], at = 10): number {
  return purchasedOn(timelineOf(lines), at);
}

describe('seats purchased', () => {
  test('are those of the definition at every instant, whatever the lines', () => {
    fc.assert(
      fc.property(terms, fc.integer({ min: -1, max: 41 }), (lines, at) => {
        assert.equal(purchasedOn(timelineOf(lines), at), purchasedByDefinition(lines, at));
      }),
    );
  });

  test('do not depend on the order of the lines', () => {
    fc.assert(
      fc.property(
        terms.chain((lines) =>
          fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
        ),
        ([lines, shuffled]) => {
          assert.deepEqual(timelineOf(shuffled), timelineOf(lines));
        },
      ),
    );
  });

  test('add up over lines of one resource', () => {
    assert.equal(purchased([line(20), line(20)]), 40);
  });

  test('are the largest over resources, for they cover the same users', () => {
    assert.equal(purchased([line(20), line(25, { resource: 'Office365PPBackup' })]), 25);
  });

  test('count from the first instant of the term, and no more from its last', () => {
    const lines = [line(5, { startsAt: 10, expiresAt: 20 })];
    assert.deepEqual(
      [9, 10, 19, 20].map((at) => purchased(lines, at)),
      [0, 5, 5, 0],
    );
  });

  test('are none without lines, and none of a line that ended when it began', () => {
    assert.equal(purchased([]), 0);
    assert.deepEqual(timelineOf([line(5, { startsAt: 10, expiresAt: 10 })]), []);
  });

  test('hand over from one term to the next without a step between equal numbers', () => {
    const renewed = [line(5, { expiresAt: 20 }), line(5, { startsAt: 20 })];
    assert.deepEqual(timelineOf(renewed), [[0, 5]]);
  });
});

describe('a timeline', () => {
  test('has ascending instants and no two equal numbers next to one another', () => {
    fc.assert(
      fc.property(terms, (lines) => {
        let before: readonly [number, number] = [-1, 0];
        for (const step of timelineOf(lines)) {
          assert.ok(step[0] > before[0]);
          assert.notEqual(step[1], before[1]);
          before = step;
        }
      }),
    );
  });
});

describe('seats available', () => {
  test('are those purchased and not assigned', () => {
    assert.deepEqual(countSeats(25, 3), { purchased: 25, assigned: 3, available: 22 });
  });

  test('are a deficit where more are assigned than purchased, which the contract is told as 0', () => {
    const seats = countSeats(3, 5);
    assert.equal(seats.available, -2);
    assert.equal(assignable(seats), 0);
  });

  test('are never told as less than none', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (bought, assigned) => {
        assert.equal(assignable(countSeats(bought, assigned)), Math.max(0, bought - assigned));
      }),
    );
  });
});
