/** Runs every test of the repository. `node --test` passes when a pattern matches nothing; this does not. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const suites = {
  checks: 'checks/**/*.test.ts',
  unit: 'packages/*/src/**/*.test.ts',
  e2e: 'e2e/**/*.test.ts',
  samples: 'samples/**/*.test.ts',
};
/** The machine that counts has two cores. */
const filesAtOnce = 2;
/** A test file that hangs fails after this time instead of holding up the run. */
const fileTimeoutMs = 300_000;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  stop(`No suite is named ${unknown.join(', ')}. The suites: ${Object.keys(suites).join(', ')}.`);
}

const files = Object.entries(suites)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .flatMap(([name, pattern]) => {
    const found = globSync(pattern, { exclude: ['**/node_modules/**'] }).toSorted();
    return found.length > 0 ? found : stop(`Suite ${name} is empty: no file matches ${pattern}.`);
  });

const run = spawnSync(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${filesAtOnce}`,
    `--test-timeout=${fileTimeoutMs}`,
    '--test-reporter=./checks/failures.ts',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exitCode = run.status ?? 1;

function stop(reason: string): never {
  console.error(reason);
  process.exit(1);
}
