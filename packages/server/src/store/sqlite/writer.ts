/** The writer thread as the rest of the process sees it. */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ProblemError } from '@seatledger/contract';
import { StoreUnavailableError, type StoreUnavailableCode } from '../unavailable.ts';
import type { ChangeReply, ChangeRequest } from './groupCommit.ts';

/** The first message of the thread: whether the store is open. */
export type WriterOpening =
  | { readonly opened: true }
  | { readonly opened: false; readonly code: StoreUnavailableCode | null; readonly message: string };

export interface Writer<Order> {
  make(order: Order): Promise<unknown>;
  /** How many orders are not answered yet. */
  waiting(): number;
  /** Makes what waits, then closes the store. What takes too long is not made: it was not acknowledged, and nothing is left of it. */
  close(): Promise<void>;
}

/** How many changes may wait. A group takes 256 of them, so that many are some tenths of a second, or what an import holds up. */
const waitingMax = 1000;

/** How long changes that wait may take once the writer is closed, in milliseconds. */
const closeMs = 1000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts the thread. `onReply` is called before anybody is told what became of a change; `onDeath` is told when the thread ends by itself,
 * which leaves the process without a writer.
 */
export async function startWriter<Order>(
  entry: URL,
  {
    workerData,
    onReply,
    onDeath,
  }: { workerData: unknown; onReply: () => void; onDeath: (error: Error) => void },
): Promise<Writer<Order>> {
  const worker = new Worker(entry, { workerData });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isClosing = false;

  const [opening] = (await once(worker, 'message')) as [WriterOpening];
  if (!opening.opened) {
    await worker.terminate();
    throw opening.code === null
      ? new Error(opening.message)
      : new StoreUnavailableError(opening.code, opening.message);
  }

  worker.on('message', (reply: ChangeReply) => {
    onReply();
    const request = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('result' in reply) request?.resolve(reply.result);
    else request?.reject(errorOf(reply));
  });
  function abandon(error: Error) {
    for (const { reject } of waiting.values())
      reject(isClosing ? new ProblemError('server_stopping') : error);
    waiting.clear();
    if (!isClosing) onDeath(error);
  }
  worker.on('error', abandon);
  worker.on('exit', () => abandon(new Error('the writer has stopped')));

  return {
    waiting: () => waiting.size,
    make(order) {
      if (isClosing) return Promise.reject(new ProblemError('server_stopping'));
      if (waiting.size >= waitingMax) return Promise.reject(new ProblemError('overloaded'));
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, order } satisfies ChangeRequest<Order>);
      });
    },
    async close() {
      isClosing = true;
      const exited = once(worker, 'exit');
      worker.postMessage('close');
      const late = setTimeout(() => void worker.terminate(), closeMs);
      await exited;
      clearTimeout(late);
    },
  };
}

function errorOf(reply: Exclude<ChangeReply, { result: unknown }>): Error {
  if ('problem' in reply) {
    const { code, ...details } = reply.problem;
    return new ProblemError(code, details);
  }
  const error = new Error(reply.failure.message);
  if (reply.failure.stack !== undefined) error.stack = reply.failure.stack;
  return error;
}
