/**
 * What is counted, in the text format of Prometheus.
 *
 * Source: "Exposition formats" of https://prometheus.io/docs/instrumenting/exposition_formats/, text format 0.0.4.
 */

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Each value is one of few that are known beforehand, and never of a caller: every other one is a series of its own, kept for good. */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** What follows the name of the family, as `_sum` of a histogram. */
  readonly suffix?: '_bucket' | '_count' | '_sum';
  readonly labels?: Labels;
  readonly value: number;
}

/** One metric: asked for its samples when somebody looks, so that nothing is done for it before. */
export interface Family {
  /** With its unit, and `_total` where it only grows. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: () => Iterable<Sample>;
}

export function exposition(families: readonly Family[]): string {
  return families.map(familyText).join('');
}

/** Nothing of a family that has no sample now. */
function familyText({ name, help, type, samples }: Family): string {
  const lines = [...samples()].map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelsText(labels)} ${numberText(value)}\n`,
  );
  if (lines.length === 0) return '';
  return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

export function numberText(value: number): string {
  return Math.abs(value) === Infinity ? `${value > 0 ? '+' : '-'}Inf` : String(value);
}
