/** What was found, as a page with a chart and as data: `bench/results`. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shareOf } from './figures.ts';
import type { OtherFigures } from './others.ts';
import type { DriverRounds, TwoRounds } from './postgresReads.ts';
import { isTold, type Ratio, ratioOf, verdictOf } from './ratios.ts';
import type { Round, SteadyRound } from './rounds.ts';
import type { Starts } from './starts.ts';

export interface Findings {
  readonly quick: boolean;
  readonly sizes: { readonly few: number; readonly many: number; readonly database: number };
  readonly machine: string;
  readonly rounds: Readonly<Record<string, readonly Round[]>>;
  readonly steady: Readonly<Record<string, readonly SteadyRound[]>>;
  readonly driver: DriverRounds;
  readonly two: TwoRounds;
  readonly starts: Starts;
  readonly others: readonly OtherFigures[];
}

const folder = join(import.meta.dirname, 'results');
const many = 'seatledger, SQLite, many';

/** Writes both and prints the page. */
export function writeResults(found: Findings): void {
  mkdirSync(folder, { recursive: true });
  const name = found.quick ? 'quick' : 'full';
  const page = pageOf(found);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(found, undefined, 1)}\n`);
  writeFileSync(join(folder, `${name}.md`), page);
  console.log(page);
}

/** A ratio, with a difference where there is one to tell of. */
export function told(ratio: Ratio): string {
  const { median, low, high } = ratio;
  const figures = `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
  return isTold(ratio) ? figures : `${figures}, no difference beyond the spread`;
}

/** What was asked for, as the command takes it. */
function flagsOf({ quick, others }: Findings): string {
  if (quick) return ' -- --quick';
  return others.length === 0 ? ' -- --seats' : '';
}

function pageOf(found: Findings): string {
  const { sizes, machine, rounds, starts } = found;
  return `# Benchmark

Made by \`npm run bench${flagsOf(found)}\` on ${machine}.
"Few" are ${sizes.few} customers and "many" ${sizes.many}, of five lines each; PostgreSQL has ${sizes.database}. One request in ten names a customer that is
not there. Prism mocks the API from its whole document, and from the part that is the seat read. Ratios are of the same round; the spread behind a median is where the true one lies with a confidence of 95 %.

## Seat reads

${contenderTable(rounds)}

Processor time of 1,000 answers:

\`\`\`
${chartOf(rounds)}
\`\`\`

## Against what is to reach

${goalTable(found)}

## Starts

Fastify ${spreadOf(starts.fastify)} ms, seatledger ${spreadOf(starts.ours)} ms to the first answer (smallest to largest of ${starts.ours.length}).
${found.others.map(({ command, lines }) => `\n## \`${command}\`\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`).join('')}`;
}

function contenderTable(rounds: Findings['rounds']): string {
  const base = cpuOf(rounds, 'Fastify, keyed select');
  const rows = Object.entries(rounds).map(([name, all]) => {
    const median = (read: keyof Round, digits: number) =>
      shareOf(
        all.map((round) => round[read]),
        0.5,
      ).toFixed(digits);
    return `| ${name} | ${median('cpuMsPerThousand', 1)} | ${told(ratioOf(cpuOf(rounds, name), base))} | ${median('perSecond', 0)} | ${median('p50Ms', 2)} | ${median('p99Ms', 2)} | ${median('residentMegabytes', 0)} |`;
  });
  return [
    '| server | processor ms of 1,000 answers | the same to Fastify, keyed select | answers/s | p50 ms | p99 ms | MB |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function cpuOf(rounds: Findings['rounds'], name: string): number[] {
  return (rounds[name] ?? []).map(({ cpuMsPerThousand }) => cpuMsPerThousand);
}

const barWidth = 50;

function chartOf(rounds: Findings['rounds']): string {
  const medians = Object.keys(rounds).map((name) => [name, shareOf(cpuOf(rounds, name), 0.5)] as const);
  const most = Math.max(...medians.map(([, value]) => value));
  return medians
    .map(([name, value]) => {
      const bar = '█'.repeat(Math.max(1, Math.round((value / most) * barWidth)));
      return `${name.padEnd(26)} ${bar} ${value.toFixed(1)}`;
    })
    .join('\n');
}

/** By processor time a ratio says how much less the other takes, so that more is better, as of speeds. */
function goalTable({ rounds, steady, driver, two, starts }: Findings): string {
  const cpu = (one: string, other: string) => ratioOf(cpuOf(rounds, other), cpuOf(rounds, one));
  const speed = (one: string, other: string) => {
    const of = (name: string) => (rounds[name] ?? []).map(({ perSecond }) => perSecond);
    return ratioOf(of(one), of(other));
  };
  const p99 = (name: string) => (steady[name] ?? []).map(({ p99Ms }) => p99Ms);
  const goals: [what: string, ratio: Ratio, bound: { atLeast: number } | { atMost: number }][] = [
    ['many, to Fastify with the select, processor', cpu(many, 'Fastify, keyed select'), { atLeast: 0.85 }],
    ['the same, answers/s', speed(many, 'Fastify, keyed select'), { atLeast: 0.85 }],
    ['many, to Fastify with a constant body, processor', cpu(many, 'Fastify, constant'), { atLeast: 0.5 }],
    ['the same, answers/s', speed(many, 'Fastify, constant'), { atLeast: 0.5 }],
    ['many, to Prism mock, answers/s', speed(many, 'Prism mock'), { atLeast: 10 }],
    [
      'many, to Prism mock of one operation, answers/s',
      speed(many, 'Prism mock, one operation'),
      { atLeast: 10 },
    ],
    ['many, to few, processor', cpu(many, 'seatledger, SQLite, few'), { atLeast: 0.8 }],
    [
      'p99 at 70 % of the own top rate, to Fastify with the select',
      ratioOf(p99(many), p99('Fastify, keyed select')),
      { atMost: 1.5 },
    ],
    ['PostgreSQL, to the driver alone, answers/s', ratioOf(driver.answers, driver.selects), { atLeast: 0.6 }],
    ['two processes on one PostgreSQL, to one, processor', ratioOf(two.two, two.one), { atMost: 1.1 }],
    ['first answer after start, to Fastify', ratioOf(starts.ours, starts.fastify), { atMost: 3 }],
  ];
  const rows = goals
    .filter(([, { rounds: count }]) => count > 0)
    .map(([what, ratio, bound]) => {
      const [asked] = 'atLeast' in bound ? [`at least ${bound.atLeast}`] : [`at most ${bound.atMost}`];
      const { median, low, high } = ratio;
      return `| ${what} | ${asked} | ${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}) | ${verdictOf(ratio, bound)} |`;
    });
  const memory = Math.max(...(rounds[many] ?? []).map(({ residentMegabytes }) => residentMegabytes));
  rows.push(
    // Rounds of one process are one sample: there is no spread to weigh it by.
    `| resident memory under load, at most in one process | at most 250 MB | ${memory.toFixed(0)} MB | one sample |`,
  );
  return ['| what | asked | found | |', '|---|---|---|---|', ...rows].join('\n');
}

function spreadOf(values: readonly number[]): string {
  const at = (share: number) => shareOf(values, share).toFixed(0);
  return `${at(0.5)} (${at(0)}–${at(1)})`;
}
