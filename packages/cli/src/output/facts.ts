/** One thing for people: its facts, one a line, each behind its name. */

import { printable } from './printable.ts';

export type Fact = readonly [name: string, value: string | number];

export function factsText(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts
    .map(([name, value]) => `${`${name.padEnd(width)}  ${printable(String(value))}`.trimEnd()}\n`)
    .join('');
}
