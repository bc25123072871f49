/**
 * The writer's loop: changes that wait are made in one transaction and committed together. One that is not kept leaves the others as they
 * are.
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

/** Answers every request of the port until it says `close`, those of a group in one message. */
export function commitInGroups<Order>(writing: Writing<Order>): void {
  const { port, database, isLong } = writing;
  const waiting: ChangeRequest<Order>[] = [];
  const makeGroup = groupMaker(writing);
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
      const replies = await makeGroup(group);
      // In one message: to send one for each takes as long as the statements of a short change.
      port.postMessage(replies);
      if (isLongGroup) checkpoint(database);
      await messagesTakenIn();
    }
    isWorking = false;
    if (isClosing) {
      database.close();
      port.close();
    }
  }

  port.on('message', (message: readonly ChangeRequest<Order>[] | 'close') => {
    if (message === 'close') isClosing = true;
    else waiting.push(...message);
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

type MakeGroup<Order> = (group: readonly ChangeRequest<Order>[]) => Promise<readonly ChangeReply[]>;

/**
 * Makes the changes of a group in one transaction. Savepoints take much of what a short change takes, and nobody needs them where all is
 * kept: so a group is made without, and once more with them where something of it is not kept.
 */
function groupMaker<Order>(writing: Writing<Order>): MakeGroup<Order> {
  const { database } = writing;
  /** What comes after a change that was not kept is often not kept either: making it twice would help nobody. */
  let wasKept = true;

  return async (group) => {
    const [first, ...others] = group;
    if (first !== undefined && others.length === 0) return [await makeAlone(writing, first)];
    try {
      if (wasKept) {
        const replies = await makeAllOrNone(writing, group);
        if (replies !== undefined) return replies;
      }
      const made = await makeEachApart(writing, group);
      wasKept = made.every(({ isKept }) => isKept);
      return made.map(({ reply }) => reply);
    } catch (error) {
      // Nothing of the group is kept, so nothing of it may be acknowledged.
      if (database.isTransaction) database.exec('rollback');
      return group.map(({ id }) => replyOf(id, error));
    }
  };
}

/** Undefined where one of the changes is not to be kept; then none of them is made. Throws where the commit fails. */
async function makeAllOrNone<Order>(
  { database, apply, onCommit }: Writing<Order>,
  group: readonly ChangeRequest<Order>[],
): Promise<readonly ChangeReply[] | undefined> {
  database.exec('begin immediate');
  const replies: ChangeReply[] = [];
  for (const { id, order } of group) {
    // How one fails is told where it is made by itself.
    const outcome = await apply(order).catch(() => undefined);
    if (outcome?.keep !== true) {
      if (database.isTransaction) database.exec('rollback');
      return undefined;
    }
    replies.push({ id, result: outcome.result });
  }
  database.exec('commit');
  onCommit?.(replies.length);
  return replies;
}

/** One that is not kept leaves the others as they are. Throws where the commit fails. */
async function makeEachApart<Order>(
  writing: Writing<Order>,
  group: readonly ChangeRequest<Order>[],
): Promise<readonly ChangeMade[]> {
  const { database, onCommit } = writing;
  database.exec('begin immediate');
  const made: ChangeMade[] = [];
  for (const request of group) made.push(await makeChange(writing, request));
  database.exec('commit');
  onCommit?.(made.filter(({ reply }) => 'result' in reply).length);
  return made;
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

interface ChangeMade {
  readonly reply: ChangeReply;
  readonly isKept: boolean;
}

/** Makes a change so that it can be undone while the others of its transaction stand. */
async function makeChange<Order>(
  { database, apply }: Writing<Order>,
  { id, order }: ChangeRequest<Order>,
): Promise<ChangeMade> {
  database.exec('savepoint change');
  try {
    const { keep, result } = await apply(order);
    if (!keep) database.exec('rollback to change');
    database.exec('release change');
    return { reply: { id, result }, isKept: keep };
  } catch (error) {
    // Some failures end the whole transaction; then the others of the group are lost with this one, and not acknowledged either.
    if (!database.isTransaction) throw error;
    database.exec('rollback to change');
    database.exec('release change');
    return { reply: replyOf(id, error), isKept: false };
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
