/** What every change is made with, whatever it changes. */

import type { Recorder } from './recorder.ts';

export interface ChangeContext {
  readonly partnerId: number;
  /**
   * The instant at which the change is made, the same however often it is asked for; epoch milliseconds. Not before the last change of
   * the partner, whatever the clock says: what was acknowledged is past. Asked for once everything is locked that the change depends on.
   */
  readonly instant: () => Promise<number>;
  /** A fresh random id, a GUID in lower case. */
  readonly newId: () => string;
  readonly recorder: Recorder;
}

/** What a change came to. What is not kept is rolled back: that is how a dry run knows its numbers. */
export interface Outcome<Result> {
  readonly keep: boolean;
  readonly result: Result;
  /** The result has a secret, which is shown this once: it is not kept for a request that is sent again. */
  readonly isShownOnce?: boolean;
}
