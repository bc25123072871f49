import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readExposition } from '../testing/exposition.ts';
import { exposition, type Family } from './exposition.ts';
import { createHistogram, createSharedHistogram, sharedHistogramBytes } from './histogram.ts';

function gauge(samples: Family['samples']): Family {
  return { name: 'some_value', help: 'Some value.', type: 'gauge', samples };
}

describe('the text of what is counted', () => {
  test('says every value and label as it is, whatever is in them', () => {
    const value = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Infinity, -Infinity, NaN, -0, 1e300));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), value, (label, help, number) => {
        const family = { ...gauge(() => [{ labels: { one: label }, value: number }]), help: `x${help}` };
        const read = readExposition(exposition([family])).get('some_value');
        assert.deepEqual(read?.samples, [
          { name: 'some_value', labels: { one: label }, value: number === 0 ? 0 : number },
        ]);
      }),
    );
  });

  test('has nothing of a family without a sample', () => {
    assert.equal(exposition([gauge(() => [])]), '');
  });
});

describe('a histogram', () => {
  const bounds = [0, 1, 4, 16];
  const numbers = fc.array(fc.nat(40));

  for (const [how, make] of [
    ['of one thread', () => createHistogram(bounds)],
    [
      'that threads share',
      () => createSharedHistogram(bounds, new SharedArrayBuffer(sharedHistogramBytes(bounds))),
    ],
  ] as const) {
    test(`${how} counts each value in every bucket that it fits`, () => {
      fc.assert(
        fc.property(numbers, (values) => {
          const histogram = make();
          for (const value of values) histogram.observe(value);
          const family: Family = {
            name: 'sizes',
            help: 'Sizes.',
            type: 'histogram',
            samples: () => histogram.samples({ of: 'x' }),
          };
          const read = readExposition(exposition([family])).get('sizes')?.samples ?? [];
          const expected = [...bounds, Infinity].map(
            (bound) => values.filter((value) => value <= bound).length,
          );
          assert.deepEqual(
            read.filter(({ name }) => name === 'sizes_bucket').map(({ value }) => value),
            expected,
          );
          const sum = values.reduce((total, value) => total + value, 0);
          assert.equal(read.find(({ name }) => name === 'sizes_sum')?.value, sum);
        }),
      );
    });
  }
});

describe('the reader that the tests have', () => {
  const cases: readonly (readonly [what: string, text: string])[] = [
    ['no line feed at the end', '# HELP a b\n# TYPE a gauge\na 1'],
    ['no help', '# TYPE a gauge\na 1\n'],
    ['a family twice', '# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n# TYPE a gauge\na 1\n'],
    ['a series twice', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    ['a counter without its ending', '# HELP a b\n# TYPE a counter\na 1\n'],
    ['a line feed in a label', '# HELP a b\n# TYPE a gauge\na{x="1\n"} 1\n'],
    ['an escape that is none', '# HELP a b\n# TYPE a gauge\na{x="\\t"} 1\n'],
    ['a comma at the end', '# HELP a b\n# TYPE a gauge\na{x="1",} 1\n'],
    ['no number', '# HELP a b\n# TYPE a gauge\na one\n'],
    ['buckets that shrink', histogramText([2, 1], 1)],
    ['a count that is not that of the last bucket', histogramText([1, 2], 3)],
  ];
  for (const [what, text] of cases)
    test(`refuses ${what}`, () => {
      assert.throws(() => readExposition(text), assert.AssertionError);
    });

  function histogramText([first, last]: readonly [number, number], count: number): string {
    return `# HELP a b\n# TYPE a histogram\na_bucket{le="1"} ${first}\na_bucket{le="+Inf"} ${last}\na_sum 1\na_count ${count}\n`;
  }
});
