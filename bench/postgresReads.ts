/** Seat reads on PostgreSQL: against the same driver without HTTP, and by two processes against one. */

import { fileURLToPath } from 'node:url';
import type { Contender } from './contenders.ts';
import type { BenchStore } from './estate.ts';
import { cores, ended, firstLine, processorMsOf, spawnNode } from './pinned.ts';
import { type Course, type LoadProcess, warmUp } from './rounds.ts';

const driverFile = fileURLToPath(new URL('./driverReads.ts', import.meta.url));
const connections = 32;

export interface DriverRounds {
  /** Answers a second of the server, and selects a second of the driver, in the same rounds. */
  readonly answers: readonly number[];
  readonly selects: readonly number[];
}

export async function measureDriver(
  load: LoadProcess,
  { flags }: BenchStore,
  server: Contender | undefined,
  { rounds, seconds, customers }: Course & { customers: number },
): Promise<DriverRounds> {
  if (server === undefined || !('databaseUrl' in flags)) throw new Error('the server is on a database');
  const answers: number[] = [];
  const selects: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { answers: count, seconds: took } = await load.run({ target: server.target, connections, seconds });
    answers.push(count / took);
    const args = [driverFile, flags.databaseUrl, String(customers), String(seconds)];
    const child = spawnNode(cores.server, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    selects.push(Number(await firstLine(child)));
    await ended(child);
  }
  return { answers, selects };
}

export interface TwoRounds {
  /** The processor time of 1,000 answers in milliseconds: where one process answers all, and where each of two answers half. */
  readonly one: readonly number[];
  readonly two: readonly number[];
}

export async function measureTwo(
  load: LoadProcess,
  start: (name: string) => Promise<Contender>,
  course: Course,
): Promise<TwoRounds> {
  const { rounds, seconds } = course;
  const [first, second] = [await start('first'), await start('second')];
  const cpu = () => processorMsOf(first.pid) + processorMsOf(second.pid);
  const perThousand = async (asked: readonly Contender[]) => {
    const before = cpu();
    let answers = 0;
    for (const { target } of asked)
      answers += (await load.run({ target, connections, seconds: seconds / asked.length })).answers;
    return ((cpu() - before) * 1000) / answers;
  };
  try {
    for (const contender of [first, second]) await warmUp(load, contender, course);
    const one: number[] = [];
    const two: number[] = [];
    for (let round = 0; round < rounds; round++) {
      one.push(await perThousand([first]));
      two.push(await perThousand([first, second]));
    }
    return { one, two };
  } finally {
    await first.stop();
    await second.stop();
  }
}
