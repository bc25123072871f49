/** Runs every test of the repository. `node --test` passes when a pattern matches nothing; this does not. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { isCampaign } from '../packages/server/src/testing/campaign.ts';
import { type Postgres, startPostgres } from '../packages/server/src/testing/postgres.ts';

interface Suite {
  readonly pattern: string;
  /** Which of the files that match; all where it is left out. */
  readonly has?: RegExp;
  /** Whether another suite has its files too; it is run where it is asked for. */
  readonly isPart?: true;
  /** Runs on the one PostgreSQL that is started for all. */
  readonly onDatabase: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

const suites: Readonly<Record<string, Suite>> = {
  checks: { pattern: 'checks/**/*.test.ts', onDatabase: false },
  unit: { pattern: 'packages/*/src/**/*.test.ts', onDatabase: true },
  // What the first run showed on a data folder, shown once more.
  postgres: {
    pattern: 'packages/server/src/**/*.test.ts',
    has: /from '.*\/testing\/(?:place|server|store)\.ts'/,
    onDatabase: true,
    environment: { SEATLEDGER_TEST_ENGINE: 'postgres' },
  },
  e2e: { pattern: 'e2e/**/*.test.ts', onDatabase: true },
  // What a campaign does more of.
  kills: { pattern: 'e2e/faults/kill.*.test.ts', isPart: true, onDatabase: true },
  samples: { pattern: 'samples/**/*.test.ts', onDatabase: false },
};
/** The machine that counts has two cores. */
const filesAtOnce = 2;
/** A test file that hangs fails after this time instead of holding up the run. */
const fileTimeoutMs = isCampaign ? 7_200_000 : 300_000;

const names = Object.keys(suites);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) stop(`No suite is named ${unknown.join(', ')}. The suites: ${names.join(', ')}.`);

const chosen = Object.entries(suites)
  .filter(([name, { isPart }]) => (asked.length === 0 ? isPart !== true : asked.includes(name)))
  .map(([name, suite]) => ({ ...suite, files: filesOf(name, suite) }));

// It ends with this process, whatever way that ends.
const database = chosen.some(({ onDatabase }) => onDatabase) ? await startDatabase() : undefined;
const common = database === undefined ? {} : { TEST_DATABASE_URL: database.url };
let isInterrupted = false;
let hasFailed = false;
for (const { environment, files } of runs()) {
  const exitCode = await run(files, { ...common, ...environment });
  if (exitCode !== 0) hasFailed = true;
  if (isInterrupted) break;
}
await database?.stop();
process.exitCode = hasFailed || isInterrupted ? 1 : 0;

/** What has an environment of its own is run apart; the rest together. */
function runs(): readonly { environment: NodeJS.ProcessEnv; files: readonly string[] }[] {
  const together = chosen.filter(({ environment }) => environment === undefined);
  return [
    { environment: {}, files: together.flatMap(({ files }) => files) },
    ...chosen.flatMap(({ environment, files }) =>
      environment === undefined ? [] : [{ environment, files }],
    ),
  ].filter(({ files }) => files.length > 0);
}

function filesOf(name: string, { pattern, has }: Suite): readonly string[] {
  const found = globSync(pattern, { exclude: ['**/node_modules/**'] }).toSorted();
  const files = has === undefined ? found : found.filter((file) => has.test(readFileSync(file, 'utf8')));
  return files.length > 0 ? files : stop(`Suite ${name} is empty: no file matches ${pattern}.`);
}

async function startDatabase(): Promise<Postgres> {
  try {
    return await startPostgres();
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}

async function run(files: readonly string[], environment: NodeJS.ProcessEnv): Promise<number | null> {
  const tests = spawn(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${filesAtOnce}`,
      `--test-timeout=${fileTimeoutMs}`,
      '--test-reporter=./checks/failures.ts',
      '--test-reporter-destination=stdout',
      ...files,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...environment } },
  );
  function forward(signal: NodeJS.Signals) {
    isInterrupted = true;
    tests.kill(signal);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, forward);
  const [exitCode] = (await once(tests, 'exit')) as [number | null];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, forward);
  return exitCode;
}

function stop(reason: string): never {
  console.error(reason);
  process.exit(1);
}
