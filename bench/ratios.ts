/** Ratios of two contenders within a round, and what can be said of them. */

import { shareOf } from './figures.ts';

export interface Ratio {
  readonly median: number;
  /** From and to: where the true median lies, with a confidence of 95 % or more. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/** Of two series of the same rounds. */
export function ratioOf(ones: readonly number[], others: readonly number[]): Ratio {
  const ratios = ones.map((one, round) => one / (others[round] ?? Number.NaN)).toSorted((a, b) => a - b);
  const trimmed = trimmedOf(ratios.length);
  return {
    median: shareOf(ratios, 0.5),
    low: ratios[trimmed] ?? Number.NaN,
    high: ratios[ratios.length - 1 - trimmed] ?? Number.NaN,
    rounds: ratios.length,
  };
}

/** Whether the difference is one: a spread with 1 in it tells of none. */
export function isTold({ low, high, rounds }: Ratio): boolean {
  return rounds >= 6 && (low > 1 || high < 1);
}

/** `met` and `missed` only where the whole spread is on one side. */
export function verdictOf(ratio: Ratio, bound: { atLeast: number } | { atMost: number }): string {
  const { low, high, rounds } = ratio;
  if (rounds < 6) return 'too few rounds to tell';
  const [isMet, isMissed] =
    'atLeast' in bound
      ? [low >= bound.atLeast, high < bound.atLeast]
      : [high <= bound.atMost, low > bound.atMost];
  return isMet ? 'met' : isMissed ? 'missed' : 'within the spread';
}

/**
 * How many of the smallest and of the largest values can be left out: each of n values is as likely above as below the median, so what
 * lies outside follows from the binomial distribution, whatever the values' own distribution is.
 */
function trimmedOf(count: number): number {
  let trimmed = 0;
  let outside = 0.5 ** count;
  for (let ways = count; ; trimmed++) {
    outside += ways * 0.5 ** count;
    if (outside > 0.025) return trimmed;
    ways = (ways * (count - trimmed - 1)) / (trimmed + 2);
  }
}
