/** Processes on a core of their own, where the machine has `taskset` and more than one core. */

import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { atExit } from './leftovers.ts';

export const cores = { server: 0, load: 1 } as const;

export const isPinning =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

/** Starts Node with the arguments on the core. */
export function spawnNode(core: number, args: readonly string[], options: SpawnOptions): ChildProcess {
  const [command, ...before] = isPinning
    ? ['taskset', '-c', String(core), process.execPath]
    : [process.execPath];
  const child = spawn(command ?? '', [...before, ...args], options);
  child.once(
    'exit',
    atExit(() => void child.kill()),
  );
  return child;
}

/** The first line that the process prints. Fails where it ends before. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the process has no pipe');
  let text = '';
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the process ended with ${code}`);
  });
  const read = async () => {
    for await (const chunk of child.stdout?.setEncoding('utf8').iterator({ destroyOnReturn: false }) ?? []) {
      text += chunk as string;
      if (text.includes('\n')) break;
    }
    return text.includes('\n') ? text.slice(0, text.indexOf('\n')) : gone;
  };
  return Promise.race([read(), gone]);
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill();
  await closed;
}

/** What the process has taken of the processor so far, over all its threads, to 10 ms. Fails where the system does not say. */
export function processorMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What the process has in memory now. */
export function residentMegabytesOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}
