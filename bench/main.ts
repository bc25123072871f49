/**
 * Everything that is measured of speed, in one run: `npm run bench [-- --quick] [-- --seats] [-- --estates FOLDER]`.
 *
 * Seat reads of the contenders in turns, the times of their answers at a steady rate, starts, and PostgreSQL against its driver alone.
 * After that the measurements of their own files: tokens, all seats in one answer, pages, writes and imports; `--seats` leaves these out.
 * `--estates` keeps the large estate for the next run. What was found is in `bench/results`. `--compare COMMIT` compares that commit with
 * what lies here instead.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { arch, cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareWith } from './compare.ts';
import { type Contender, makeReader, type PeerKind, startOurs, startPeer } from './contenders.ts';
import { type BenchStore, fillEstate, makeStore, stopEngines } from './estate.ts';
import { measureOthers } from './others.ts';
import { isPinning } from './pinned.ts';
import { measureDriver, measureTwo } from './postgresReads.ts';
import { type Findings, writeResults } from './results.ts';
import { startLoad, takeSteadyTurns, takeTurns } from './rounds.ts';
import { measureStarts } from './starts.ts';

const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    estates: { type: 'string' },
    seats: { type: 'boolean', default: false },
    compare: { type: 'string' },
  },
});
const { quick } = asked;
const sizes = quick
  ? { few: 1000, many: 20_000, database: 1000 }
  : { few: 1000, many: 1_000_000, database: 100_000 };
const course = quick
  ? { rounds: 9, seconds: 0.2, warmUpAnswers: 6000, warmUpSecondsMax: 3 }
  : { rounds: 11, seconds: 1.5, warmUpAnswers: 100_000, warmUpSecondsMax: 12 };
const steady = quick
  ? { rounds: 0, seconds: 0, warmUpAnswers: 0, warmUpSecondsMax: 0 }
  : { rounds: 9, seconds: 1.5, warmUpAnswers: 0, warmUpSecondsMax: 0 };

const peers: readonly (readonly [name: string, kind: PeerKind])[] = [
  ['node:http, constant', 'node'],
  ['Fastify, constant', 'fastify'],
  ['Fastify, keyed select', 'select'],
  ['Prism mock', 'prism'],
  ['Prism mock, one operation', 'prism-one'],
  ['json-server', 'json-server'],
];

/** A store with an estate; the large one from an earlier run where that was kept. */
async function estateOf(engine: 'postgres' | 'sqlite', customers: number): Promise<BenchStore> {
  const store = await makeStore(engine);
  const kept = asked.estates === undefined ? undefined : join(resolve(asked.estates), String(customers));
  const folder = 'data' in store.flags ? store.flags.data : undefined;
  if (kept !== undefined && folder !== undefined && existsSync(kept)) {
    cpSync(kept, folder, { recursive: true, force: true });
    return store;
  }
  console.log(`an estate of ${customers} customers is made on ${engine}`);
  await fillEstate(store, customers, Date.now());
  if (kept !== undefined && folder !== undefined) {
    mkdirSync(kept, { recursive: true });
    cpSync(folder, kept, { recursive: true });
  }
  return store;
}

/** Says what is missing before minutes are spent; without some of it less is measured. */
function lookAround(): void {
  if (!existsSync('/proc/self/stat')) {
    console.error('Processor time and memory are read from /proc: run this on Linux.');
    process.exit(1);
  }
  if (!isPinning) console.log('Processes are not pinned to cores: that takes taskset and two of them.');
  const missing = ['sqlite3', 'psql'].filter(
    (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0,
  );
  if (missing.length > 0 && !quick)
    console.log(`Without ${missing.join(' and ')} some peers of large answers and imports are not measured.`);
}

async function measure(): Promise<void> {
  const [few, many, database] = [
    await estateOf('sqlite', sizes.few),
    await estateOf('sqlite', sizes.many),
    await estateOf('postgres', sizes.database),
  ];
  const stores = [few, many, database];
  const contenders: Contender[] = [];
  const load = startLoad();
  try {
    const readers = new Map<BenchStore, URLSearchParams>();
    for (const store of stores) readers.set(store, await makeReader(store));
    const readerOf = (store: BenchStore) => readers.get(store) ?? new URLSearchParams();
    const large = 'data' in many.flags ? many.flags.data : '';
    for (const [name, kind] of peers.filter(([, of]) => !quick || of !== 'prism-one'))
      contenders.push(await startPeer(name, kind, { data: large, customers: sizes.many }));
    const ours = async (name: string, store: BenchStore, customers: number) =>
      startOurs(name, store, { reader: readerOf(store), customers });
    contenders.push(await ours('seatledger, SQLite, few', few, sizes.few));
    contenders.push(await ours('seatledger, SQLite, many', many, sizes.many));
    contenders.push(await ours('seatledger, PostgreSQL', database, sizes.database));

    const rounds = await takeTurns(load, contenders, course);
    const steadyRounds = await takeSteadyTurns(load, contenders, rounds, steady);
    const driver = await measureDriver(load, database, contenders.at(-1), {
      ...course,
      customers: sizes.database,
    });
    const one = contenders.pop();
    await one?.stop();
    const two = await measureTwo(load, (name) => ours(name, database, sizes.database), course);
    for (const contender of contenders.splice(0)) await contender.stop();
    const starts = await measureStarts(many, { reader: readerOf(many), runs: quick ? 3 : 9 });
    const found: Findings = {
      quick,
      sizes,
      machine: `${cpus().length} cores of ${cpus()[0]?.model ?? arch()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${isPinning ? 'pinned' : 'not pinned'}, load ${loadavg()[0]?.toFixed(1)}`,
      rounds: Object.fromEntries(rounds),
      steady: Object.fromEntries(steadyRounds),
      driver,
      two,
      starts,
      others: quick || asked.seats ? [] : await measureOthers(),
    };
    writeResults(found);
  } finally {
    load.stop();
    for (const contender of contenders) await contender.stop();
    for (const store of stores) await store.remove();
  }
}

lookAround();
if (asked.compare === undefined) await measure();
else await compareWith(asked.compare, { customers: sizes.many, course, estateOf });
await stopEngines();
