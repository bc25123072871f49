/**
 * A strict reader of Prometheus's text format 0.0.4: whatever a scraper could take amiss is an error here.
 *
 * Source: "Exposition formats" and "Metric and label naming" of https://prometheus.io/docs/.
 */

import assert from 'node:assert/strict';

interface ReadSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ReadFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ReadSample[];
}

const types = ['counter', 'gauge', 'histogram'];
const nameForm = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const sampleForm = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;
const labelForm = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,(?!$)|$)/gy;

export function readExposition(text: string): ReadonlyMap<string, ReadFamily> {
  assert.ok(text.endsWith('\n'), 'the last line ends with a line feed');
  const families = new Map<string, ReadFamily & { samples: ReadSample[] }>();
  const series = new Set<string>();
  const lines = text.slice(0, -1).split('\n');
  for (let index = 0; index < lines.length; ) {
    const [, name = '', help = ''] = /^# HELP (\S+) (.+)$/s.exec(lines[index++] ?? '') ?? [];
    assert.match(name, nameForm, lines[index - 1] ?? '');
    assert.match(help, /^(?:[^\\]|\\[\\n])+$/);
    const [, ofType, type = ''] = /^# TYPE (\S+) (\S+)$/.exec(lines[index++] ?? '') ?? [];
    assert.equal(ofType, name);
    assert.ok(types.includes(type), type);
    assert.equal(type === 'counter', name.endsWith('_total'), `${name} is a ${type}`);
    assert.ok(!families.has(name), `${name} is there once`);
    const samples: ReadSample[] = [];
    for (; index < lines.length && !lines[index]?.startsWith('#'); index++) {
      const sample = readSample(lines[index] ?? '');
      const suffix = sample.name.slice(name.length);
      const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      assert.ok(sample.name.startsWith(name) && suffixes.includes(suffix), lines[index] ?? '');
      const key = JSON.stringify([
        sample.name,
        Object.keys(sample.labels)
          .toSorted()
          .map((label) => [label, sample.labels[label]]),
      ]);
      assert.ok(!series.has(key), `${lines[index]} is there once`);
      series.add(key);
      if (type === 'counter') assert.ok(sample.value >= 0);
      samples.push(sample);
    }
    assert.ok(samples.length > 0, `${name} has a sample`);
    if (type === 'histogram') assertHistogram(name, samples);
    families.set(name, { name, help, type, samples });
  }
  return families;
}

function readSample(line: string): ReadSample {
  const [, name, labelText = '', number = ''] = sampleForm.exec(line) ?? [];
  assert.ok(name !== undefined, line);
  const labels: Record<string, string> = {};
  labelForm.lastIndex = 0;
  while (labelForm.lastIndex < labelText.length) {
    const [, label = '', value = ''] = labelForm.exec(labelText) ?? [];
    assert.ok(label !== '' && !(label in labels), line);
    labels[label] = value.replaceAll(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return { name, labels, value: numberOf(number) };
}

function numberOf(text: string): number {
  if (text === 'NaN') return NaN;
  if (/^[+-]Inf$/.test(text)) return text === '+Inf' ? Infinity : -Infinity;
  assert.match(text, /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/);
  return Number(text);
}

/** Of each set of labels: buckets that ascend and never shrink, up to one that counts all; a sum; and a count, which is that. */
function assertHistogram(name: string, samples: readonly ReadSample[]): void {
  const bySet = Map.groupBy(samples, ({ labels }) => JSON.stringify({ ...labels, le: '' }));
  for (const [set, ofSet] of bySet) {
    const buckets = ofSet.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => numberOf(labels['le'] ?? ''));
    assert.equal(bounds.at(-1), Infinity, set);
    for (const [index, { value }] of buckets.entries()) {
      const [bound, next] = [bounds[index] ?? NaN, bounds[index + 1]];
      assert.ok(next === undefined || bound < next, `${name} ${set}: ${bound}`);
      assert.ok(value <= (buckets[index + 1]?.value ?? Infinity), `${name} ${set}: ${bound}`);
    }
    const only = (suffix: string) => {
      const [one, ...others] = ofSet.filter((sample) => sample.name === `${name}${suffix}`);
      assert.ok(one !== undefined && others.length === 0);
      return one.value;
    };
    assert.equal(only('_count'), buckets.at(-1)?.value);
    assert.ok(only('_sum') >= 0);
  }
}
