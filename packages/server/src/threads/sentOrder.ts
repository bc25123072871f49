/** An order of a change on its way to the thread that makes it. */

import type { ChangeOrder } from '../changes.ts';

export interface SentOrder {
  readonly order: ChangeOrder;
  /** On the clock that all threads share. */
  readonly sentAtMs: number;
}

/** Milliseconds on a clock that nobody sets back, with the same zero in every thread of the process. */
export function threadClockMs(): number {
  return performance.timeOrigin + performance.now();
}

/** The clock of whoever asked, which goes on while the order waits and is made. */
export function clockOf({ order, sentAtMs }: SentOrder): () => number {
  return () => order.now + Math.max(0, Math.floor(threadClockMs() - sentAtMs));
}
