/**
 * The writer's loop: changes that wait are made in one transaction and committed together, each in a savepoint of its own.
 *
 * Runs in a thread of its own, because a commit waits for the disk and reads must not. A change is answered after the commit: what is
 * acknowledged is durable.
 */

import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as messagesTakenIn } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { type FieldProblem, type ProblemCode, ProblemError } from '@seatledger/contract';
import { isOutOfRoom } from './outOfRoom.ts';

/** How many changes one commit takes at the most. */
const groupMax = 256;

/** From how many pages in the log on a commit copies them into the file: SQLite's own number. */
const checkpointPages = 1000;

export interface ChangeRequest<Order> {
  readonly id: number;
  readonly order: Order;
}

export type ChangeReply =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly problem: {
        readonly code: ProblemCode;
        readonly detail: string;
        readonly errors: readonly FieldProblem[];
        readonly errorCount: number;
        readonly numbers: Readonly<Record<string, number | string>> | undefined;
      };
    }
  | {
      readonly id: number;
      readonly failure: { readonly message: string; readonly stack: string | undefined };
    };

interface Writing<Order> {
  readonly port: MessagePort;
  readonly database: DatabaseSync;
  readonly apply: (order: Order) => Promise<{ keep: boolean; result: unknown }>;
  /** Whether a change takes so long that others should not wait for its commit. */
  readonly isLong: (order: Order) => boolean;
  /** Told of each commit how many changes it makes durable that are acknowledged. */
  readonly onCommit?: (acknowledged: number) => void;
}

/** Answers every request of the port until it says `close`. */
export function commitInGroups<Order>(writing: Writing<Order>): void {
  const { port, database, isLong } = writing;
  const waiting: ChangeRequest<Order>[] = [];
  let isWorking = false;
  let isClosing = false;

  function nextGroup(): ChangeRequest<Order>[] {
    const long = waiting.findIndex(({ order }) => isLong(order));
    const size = long === -1 ? waiting.length : Math.max(long, 1);
    return waiting.splice(0, Math.min(size, groupMax));
  }

  async function work() {
    if (isWorking) return;
    isWorking = true;
    // Whatever was sent by now is taken in before a group is made of it: else every change would be a group of its own.
    await messagesTakenIn();
    while (waiting.length > 0) {
      const group = nextGroup();
      const isLongGroup = group.some(({ order }) => isLong(order));
      // What is in the log is durable: nobody waits until all that a long change has left there is copied into the file.
      if (isLongGroup) database.exec('pragma wal_autocheckpoint = 0');
      const replies = await makeGroup(writing, group);
      for (const reply of replies) port.postMessage(reply);
      if (isLongGroup) checkpoint(database);
      await messagesTakenIn();
    }
    isWorking = false;
    if (isClosing) {
      database.close();
      port.close();
    }
  }

  port.on('message', (message: ChangeRequest<Order> | 'close') => {
    if (message === 'close') isClosing = true;
    else waiting.push(message);
    void work();
  });
}

function checkpoint(database: DatabaseSync): void {
  database.exec(`pragma wal_autocheckpoint = ${checkpointPages}`);
  try {
    database.exec('pragma wal_checkpoint(passive)');
  } catch {
    // What could not be copied stays in the log, where it is read from, and the next commit tries again.
  }
}

async function makeGroup<Order>(
  writing: Writing<Order>,
  group: readonly ChangeRequest<Order>[],
): Promise<readonly ChangeReply[]> {
  const { database, apply, onCommit } = writing;
  const [first, ...others] = group;
  if (first !== undefined && others.length === 0) return [await makeAlone(writing, first)];
  try {
    database.exec('begin immediate');
    const replies: ChangeReply[] = [];
    for (const request of group) replies.push(await makeChange(database, apply, request));
    database.exec('commit');
    onCommit?.(replies.filter((reply) => 'result' in reply).length);
    return replies;
  } catch (error) {
    // Nothing of the group is kept, so nothing of it may be acknowledged.
    if (database.isTransaction) database.exec('rollback');
    return group.map(({ id }) => replyOf(id, error));
  }
}

/** Without a savepoint, which keeps a copy in memory of every page that is changed: an import changes as many as there are. */
async function makeAlone<Order>(
  { database, apply, onCommit }: Writing<Order>,
  { id, order }: ChangeRequest<Order>,
): Promise<ChangeReply> {
  try {
    database.exec('begin immediate');
    const { keep, result } = await apply(order);
    database.exec(keep ? 'commit' : 'rollback');
    onCommit?.(1);
    return { id, result };
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    return replyOf(id, error);
  }
}

async function makeChange<Order>(
  database: DatabaseSync,
  apply: Writing<Order>['apply'],
  { id, order }: ChangeRequest<Order>,
): Promise<ChangeReply> {
  database.exec('savepoint change');
  try {
    const { keep, result } = await apply(order);
    if (!keep) database.exec('rollback to change');
    database.exec('release change');
    return { id, result };
  } catch (error) {
    // Some failures end the whole transaction; then the others of the group are lost with this one, and not acknowledged either.
    if (!database.isTransaction) throw error;
    database.exec('rollback to change');
    database.exec('release change');
    return replyOf(id, error);
  }
}

function replyOf(id: number, error: unknown): ChangeReply {
  if (error instanceof ProblemError) {
    const { code, message, errors, errorCount, numbers } = error;
    return { id, problem: { code, detail: message, errors, errorCount, numbers } };
  }
  if (isOutOfRoom(error)) return replyOf(id, new ProblemError('storage_full'));
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { id, failure: { message, stack } };
}
