/** How often a quantity was how large. */

import { type Labels, numberText, type Sample } from './exposition.ts';

export interface Histogram {
  observe(value: number): void;
  samples(labels?: Labels): Iterable<Sample>;
}

/** `bounds` ascend; each is the largest value that its bucket counts. */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    observe(value) {
      const index = bucketOf(bounds, value);
      counts[index] = (counts[index] ?? 0) + 1;
      sum += value;
    },
    samples: (labels) => histogramSamples(bounds, counts, sum, labels),
  };
}

/** As many bytes as a histogram takes that threads share. */
export function sharedHistogramBytes(bounds: readonly number[]): number {
  return (bounds.length + 2) * BigInt64Array.BYTES_PER_ELEMENT;
}

/** The same of whole numbers, in memory that threads share: each counts where it is, and nobody sends anything. */
export function createSharedHistogram(bounds: readonly number[], memory: SharedArrayBuffer): Histogram {
  const cells = new BigInt64Array(memory);
  const sumIndex = bounds.length + 1;
  return {
    observe(value) {
      Atomics.add(cells, bucketOf(bounds, value), 1n);
      Atomics.add(cells, sumIndex, BigInt(value));
    },
    samples(labels) {
      const counts = bounds.concat(Infinity).map((_, index) => Number(Atomics.load(cells, index)));
      return histogramSamples(bounds, counts, Number(Atomics.load(cells, sumIndex)), labels);
    },
  };
}

function bucketOf(bounds: readonly number[], value: number): number {
  let index = 0;
  while (value > (bounds[index] ?? Infinity)) index++;
  return index;
}

function* histogramSamples(
  bounds: readonly number[],
  counts: ArrayLike<number>,
  sum: number,
  labels: Labels = {},
): Generator<Sample, undefined> {
  let count = 0;
  for (const [index, bound] of [...bounds, Infinity].entries()) {
    count += counts[index] ?? 0;
    yield { suffix: '_bucket', labels: { ...labels, le: numberText(bound) }, value: count };
  }
  yield { suffix: '_sum', labels, value: sum };
  yield { suffix: '_count', labels, value: count };
  return undefined;
}
