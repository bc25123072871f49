/** The seat read of another commit against the one that lies here, in turns and each on a copy of one estate. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeReader, startOurs } from './contenders.ts';
import type { BenchStore } from './estate.ts';
import { ratioOf } from './ratios.ts';
import { told } from './results.ts';
import { type Course, startLoad, takeTurns } from './rounds.ts';

const root = resolve(import.meta.dirname, '..');

/** The commit has to have the same schema: both serve a store that was filled here. */
export async function compareWith(
  commit: string,
  {
    customers,
    course,
    estateOf,
  }: {
    customers: number;
    course: Course;
    estateOf: (engine: 'sqlite', customers: number) => Promise<BenchStore>;
  },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
  const there = join(folder, 'checkout');
  execFileSync('git', ['worktree', 'add', '--detach', '--quiet', there, commit], { cwd: root });
  const store = await estateOf('sqlite', customers);
  const load = startLoad();
  try {
    linkPackages(there);
    const reader = await makeReader(store);
    if (!('data' in store.flags)) throw new Error('the estate is in a folder');
    const copy = join(folder, 'data');
    cpSync(store.flags.data, copy, { recursive: true });
    const cli = join(there, 'packages/cli/bin/seatledger.js');
    const sides = [
      await startOurs('there', { flags: { data: copy } }, { reader, customers, cli }),
      await startOurs('here', store, { reader, customers }),
    ];
    try {
      const rounds = await takeTurns(load, sides, course);
      const of = (name: string) => rounds.get(name) ?? [];
      for (const [what, read] of [
        ['processor time of an answer', 'cpuMsPerThousand'],
        ['answers a second', 'perSecond'],
      ] as const) {
        const values = (name: string) => of(name).map((round) => round[read]);
        console.log(`${what}, here to ${commit}: ${told(ratioOf(values('here'), values('there')))}`);
      }
      // Of one process each: however many rounds, it is one sample, and no difference can be told from it.
      const resident = (name: string) =>
        `${(of(name).at(-1)?.residentMegabytes ?? Number.NaN).toFixed(0)} MB`;
      console.log(`resident memory, here and in ${commit}: ${resident('here')} and ${resident('there')}`);
    } finally {
      for (const side of sides) await side.stop();
    }
  } finally {
    load.stop();
    await store.remove();
    execFileSync('git', ['worktree', 'remove', '--force', there], { cwd: root });
    rmSync(folder, { recursive: true });
  }
}

/** The packages that are installed here, but for our own: those are the other checkout's. */
function linkPackages(there: string): void {
  const packages = join(there, 'node_modules');
  mkdirSync(join(packages, '@seatledger'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@seatledger' && name !== '.cache')
      symlinkSync(join(root, 'node_modules', name), join(packages, name));
  for (const name of readdirSync(join(there, 'packages'))) {
    symlinkSync(join(there, 'packages', name), join(packages, '@seatledger', name));
    const own = join(root, 'packages', name, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(there, 'packages', name, 'node_modules'));
  }
}
