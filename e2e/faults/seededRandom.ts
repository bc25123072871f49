/** Numbers that look random and come again with their seed. */

import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';

export interface Random {
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
}

/** Of the seed that SEATLEDGER_SEED names, or of a new one. It is printed: with it, the same numbers come again. */
export function seededRandom(t: TestContext): Random {
  const named = process.env['SEATLEDGER_SEED'];
  const seed = named === undefined || named === '' ? randomInt(2 ** 31) : Number(named);
  requireWhole(seed);
  t.diagnostic(`SEATLEDGER_SEED=${seed}`);
  let state = seed;
  // Mulberry32.
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return { between: (least, most) => least + Math.floor(next() * (most - least + 1)) };
}

function requireWhole(seed: number): void {
  if (!Number.isInteger(seed)) throw new Error('SEATLEDGER_SEED is a whole number.');
}
