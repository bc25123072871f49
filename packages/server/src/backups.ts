/**
 * Backups that a server makes of what is of a partner.
 *
 * Each is written to a file by a thread of its own and sent from there: the moment that it is of is held for as long as the store is
 * read, and not for as long as a slow peer takes.
 */

import { open, rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { type ProblemCode, ProblemError } from '@seatledger/contract';
import type { StorePlace } from './config.ts';
import type { BackUp } from './http/index.ts';
import type { Staging } from './store/staging.ts';
import type { BackupOf } from './writeBackup.ts';

/** What the thread is started with. */
export interface BackupOrder {
  readonly place: StorePlace;
  /** Where the file is to be. */
  readonly path: string;
  readonly of: BackupOf;
}

/** What the thread tells. */
export type BackupReply =
  | { readonly written: number }
  | { readonly done: true }
  | { readonly failed: ProblemCode };

export interface Backups {
  readonly backUp: BackUp;
  /** Breaks off what is underway. */
  stop(): Promise<void>;
}

/** How many can be underway, one of a partner. Each takes a thread, and a file as large as what it is of, compressed. */
const underwayMax = 2;
/** What the thread takes for itself: rows pass through it, and none of them stays. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };
/** How many bytes are read from the file at once. */
const bytesAtOnce = 65_536;

export function createBackups({
  place,
  staging,
  clock,
}: {
  place: StorePlace;
  staging: Pick<Staging, 'newPath'>;
  clock: { now(): number };
}): Backups {
  const underway = new Map<number, Writing>();

  return {
    async backUp(partnerId, gone) {
      // Who has all of one may ask for the next at once.
      const over = [...underway.values()].filter((writing) => writing.isOver());
      await Promise.all(over.map((writing) => writing.discard()));
      gone.throwIfAborted();
      if (underway.has(partnerId) || underway.size >= underwayMax) throw new ProblemError('backups_busy');
      const of = { partnerId, now: clock.now() };
      const writing = startWriting({ place, path: staging.newPath(), of }, () => underway.delete(partnerId));
      underway.set(partnerId, writing);
      gone.addEventListener('abort', () => void writing.discard());
      await writing.begun;
      return writing.bytes();
    },
    async stop() {
      await Promise.all([...underway.values()].map((writing) => writing.discard()));
    },
  };
}

interface Writing {
  /** Settles once there is a first byte, or none. */
  readonly begun: Promise<void>;
  /** The bytes of the file, as they are written. */
  bytes(): AsyncGenerator<Uint8Array, undefined>;
  /** Whether all of them were read, or nobody wants them. */
  isOver(): boolean;
  /** Ends the thread and removes the file. */
  discard(): Promise<void>;
}

function startWriting(order: BackupOrder, onDiscarded: () => void): Writing {
  const { path } = order;
  const thread = new Worker(new URL('./threads/backup.ts', import.meta.url), {
    workerData: order,
    resourceLimits,
  });
  let written = 0;
  let isDone = false;
  let failure: Error | undefined;
  let next = Promise.withResolvers<void>();

  const begun = Promise.withResolvers<void>();
  function moved(): void {
    if (failure !== undefined) begun.reject(failure);
    else if (written > 0) begun.resolve();
    next.resolve();
    next = Promise.withResolvers();
  }
  thread.on('message', (reply: BackupReply) => {
    if ('written' in reply) written += reply.written;
    else if ('done' in reply) isDone = true;
    else failure = new ProblemError(reply.failed);
    moved();
  });
  thread.on('error', (error) => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    moved();
  });
  thread.on('exit', () => {
    if (!isDone) failure ??= new ProblemError('server_stopping');
    moved();
  });

  let discarding: Promise<void> | undefined;
  async function discard(): Promise<void> {
    try {
      await thread.terminate();
      await rm(path, { force: true });
    } catch {
      // What cannot be removed now is removed when the store is opened next.
    } finally {
      onDiscarded();
    }
  }

  return {
    begun: begun.promise,
    async *bytes() {
      await using file = await open(path);
      for (let sent = 0; ; ) {
        if (failure !== undefined) throw failure;
        if (sent < written) {
          const length = Math.min(bytesAtOnce, written - sent);
          const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, sent);
          sent += bytesRead;
          yield buffer.subarray(0, bytesRead);
        } else if (isDone) {
          discarding ??= discard();
          return undefined;
        } else {
          await next.promise;
        }
      }
    },
    isOver: () => discarding !== undefined,
    discard: () => (discarding ??= discard()),
  };
}
