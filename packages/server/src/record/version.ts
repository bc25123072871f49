/** Two who change one thing at once: each says which version it has seen, and the second is told that there is another. */

import { ProblemError } from '@seatledger/contract';

/** The versions that the caller accepts, each the sequence of an event; or any that is there. */
export type ExpectedVersion = 'any' | readonly number[];

/** Throws `version_changed`. */
export function requireVersion(expected: ExpectedVersion, changedSequence: number): void {
  if (expected !== 'any' && !expected.includes(changedSequence)) throw new ProblemError('version_changed');
}
