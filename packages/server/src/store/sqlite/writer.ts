/** The writer thread as the rest of the process sees it. */

import { setImmediate as allSent } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { ProblemError } from '@seatledger/contract';
import { inTurns } from '../inTurns.ts';
import type { ChangeReply, ChangeRequest } from './groupCommit.ts';

export interface Writer<Order> {
  /** Has the thread started ahead of the first change, which waits for it otherwise. */
  start(): void;
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
 * The thread is not started with it: what that loads takes half as long as the rest of a start, and reads need none of it. `onDeath`
 * is told when the thread ends by itself, which leaves the process without a writer.
 */
export function createWriter<Order>(
  entry: URL,
  { workerData, onDeath }: { workerData: unknown; onDeath: (error: Error) => void },
): Writer<Order> {
  const waiting = new Map<number, Waiting>();
  let worker: { readonly thread: Worker; readonly exited: Promise<void> } | undefined;
  let lastId = 0;
  let isClosing = false;

  function newThread() {
    const thread = new Worker(entry, { workerData });
    thread.on('message', (replies: readonly ChangeReply[]) => {
      for (const reply of replies) settle(reply);
    });
    thread.on('error', abandon);
    thread.on('exit', () => abandon(new Error('the writer has stopped')));
    const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    return { thread, exited };
  }
  function settle(reply: ChangeReply) {
    const request = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('result' in reply) request?.resolve(reply.result);
    else request?.reject(errorOf(reply));
  }
  function abandon(error: Error) {
    for (const { reject } of waiting.values())
      reject(isClosing ? new ProblemError('server_stopping') : error);
    waiting.clear();
    if (!isClosing) onDeath(error);
  }

  const started = () => (worker ??= newThread());
  const send = inTurns<ChangeRequest<Order>>((requests) => {
    try {
      started().thread.postMessage(requests);
    } catch (error) {
      // What cannot be sent is a defect, and whoever asked is told: else they would wait for ever.
      for (const { id } of requests) settle({ id, failure: { message: String(error), stack: undefined } });
    }
  });

  return {
    start: () => void started(),
    waiting: () => waiting.size,
    make(order) {
      if (isClosing) return Promise.reject(new ProblemError('server_stopping'));
      if (waiting.size >= waitingMax) return Promise.reject(new ProblemError('overloaded'));
      // Not only when the turn's orders are sent: whoever closes the store before that waits for its thread.
      started();
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        send({ id, order });
      });
    },
    async close() {
      isClosing = true;
      if (worker === undefined) return;
      const { thread, exited } = worker;
      await allSent();
      thread.postMessage('close');
      const late = setTimeout(() => void thread.terminate(), closeMs);
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
