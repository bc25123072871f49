/** Rounds in which the contenders take turns, under a load from a process of its own. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Contender } from './contenders.ts';
import { shareOf } from './figures.ts';
import type { Load, LoadFigures, LoadReply } from './load.ts';
import { cores, processorMsOf, residentMegabytesOf, spawnNode } from './pinned.ts';

const loadFile = fileURLToPath(new URL('./load.ts', import.meta.url));
const connections = 32;
/** Of the own top rate, for the time that answers take: at the top itself it is the length of a queue. */
const steadyShare = 0.7;

/** What one contender did in one round. */
export interface Round {
  readonly cpuMsPerThousand: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentMegabytes: number;
}

/** Times of answers at a steady rate. */
export type SteadyRound = Pick<LoadFigures, 'p50Ms' | 'p99Ms'> & { readonly perSecond: number };

export interface Course {
  /** At least 9 where something is to be told from it. */
  readonly rounds: number;
  readonly seconds: number;
  /** Answers of each before anything is measured, so that what is hot is compiled however busy the machine is. */
  readonly warmUpAnswers: number;
  /** How long that is tried; slow peers give fewer. */
  readonly warmUpSecondsMax: number;
}

export interface LoadProcess {
  run(load: Load): Promise<LoadFigures>;
  stop(): void;
}

export function startLoad(): LoadProcess {
  const child: ChildProcess = spawnNode(cores.load, [loadFile], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const died = once(child, 'exit').then(() => {
    throw new Error('the load generator has ended');
  });
  // It ends at last; that is heard only while it is asked for something.
  died.catch(() => undefined);
  return {
    async run(load) {
      const replied = once(child, 'message') as Promise<[LoadReply]>;
      child.send(load);
      const [reply] = await Promise.race([replied, died]);
      if ('error' in reply) throw new Error(reply.error);
      return reply;
    },
    stop: () => child.disconnect(),
  };
}

/** As fast as each answers. Within a round the order turns, so that none is always behind the same other. */
export async function takeTurns(
  load: LoadProcess,
  contenders: readonly Contender[],
  course: Course,
): Promise<Map<string, Round[]>> {
  const { rounds, seconds } = course;
  const found = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) await warmUp(load, contender, course);
  for (let round = 0; round < rounds; round++) {
    for (const { name, pid, target } of turned(contenders, round)) {
      const before = processorMsOf(pid);
      const { answers, seconds: took, p50Ms, p99Ms } = await load.run({ target, connections, seconds });
      found.get(name)?.push({
        cpuMsPerThousand: ((processorMsOf(pid) - before) * 1000) / answers,
        perSecond: answers / took,
        p50Ms,
        p99Ms,
        residentMegabytes: residentMegabytesOf(pid),
      });
    }
  }
  return found;
}

const warmUpRunSeconds = 0.5;

export async function warmUp(
  load: LoadProcess,
  { target }: Contender,
  { warmUpAnswers, warmUpSecondsMax }: Pick<Course, 'warmUpAnswers' | 'warmUpSecondsMax'>,
): Promise<void> {
  const runsMax = warmUpSecondsMax / warmUpRunSeconds;
  let warm = 0;
  for (let run = 0; run < runsMax && warm < warmUpAnswers; run++)
    warm += (await load.run({ target, connections, seconds: warmUpRunSeconds })).answers;
}

/** Each at the same share of its own top rate. */
export async function takeSteadyTurns(
  load: LoadProcess,
  contenders: readonly Contender[],
  tops: ReadonlyMap<string, readonly Round[]>,
  { rounds, seconds }: Course,
): Promise<Map<string, SteadyRound[]>> {
  const found = new Map<string, SteadyRound[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, target } of turned(contenders, round)) {
      const top = shareOf(
        (tops.get(name) ?? []).map(({ perSecond }) => perSecond),
        0.5,
      );
      const perSecond = top * steadyShare;
      const { p50Ms, p99Ms } = await load.run({ target, connections, seconds, perSecond });
      found.get(name)?.push({ p50Ms, p99Ms, perSecond });
    }
  }
  return found;
}

function turned<Item>(items: readonly Item[], by: number): Item[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
