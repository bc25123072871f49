/** Opens the store with the thread that writes it. */

import { randomUUID } from 'node:crypto';
import type { ChangeKind, ChangeOrder, Changes, MakeChange } from './changes.ts';
import { type SentOrder, threadClockMs } from './threads/sentOrder.ts';
import { type OpenFolder, openFolder } from './store/sqlite/folder.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: Date.now };

export type OpenLedger = Omit<OpenFolder<SentOrder>, 'writer'> & { readonly make: MakeChange };

/** Throws `StoreUnavailableError`. `onWriterDeath` is told when the store can no longer be written. */
export async function openLedger(
  dataFolder: string,
  { clock, create, onWriterDeath }: { clock: Clock; create: boolean; onWriterDeath: (error: Error) => void },
): Promise<OpenLedger> {
  const { writer, ...folder } = await openFolder<SentOrder>(dataFolder, {
    writerEntry: new URL('./threads/writer.ts', import.meta.url),
    onWriterDeath,
    newId: randomUUID,
    now: clock.now(),
    create,
  });
  return {
    ...folder,
    make: async <Kind extends ChangeKind>(order: ChangeOrder<Kind>) => {
      const result = await writer.make({ order, sentAtMs: threadClockMs() });
      return result as Changes[Kind]['result'];
    },
  };
}
