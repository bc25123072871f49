/** What every change is made with, whatever it changes. */

import type { Recorder } from './recorder.ts';

export interface ChangeContext {
  readonly partnerId: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** A fresh random id, a GUID in lower case. */
  readonly newId: () => string;
  readonly recorder: Recorder;
}

/** What a change came to. What is not kept is rolled back: that is how a dry run knows its numbers. */
export interface Outcome<Result> {
  readonly keep: boolean;
  readonly result: Result;
}
