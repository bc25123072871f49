/** How long the tests that try many cases go on: as long as is usual, or longer where somebody asked for a campaign. */

import fc from 'fast-check';

const times = Number(process.env['SEATLEDGER_SOAK'] ?? 1);
if (!Number.isInteger(times) || times < 1)
  throw new Error('SEATLEDGER_SOAK is a whole number of times, 1 or more.');

/** Whether somebody asked for a campaign. */
export const isCampaign = times > 1;

/** So many runs, or that many times over in a campaign; also what a property runs that names no number. */
export function runs(usual: number): number {
  return usual * times;
}

fc.configureGlobal({ numRuns: runs(100) });
