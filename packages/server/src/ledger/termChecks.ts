/** What holds for the seats and the term of anything that has them. */

import { seatsMax } from '@seatledger/contract';
import { refuseBody } from '../estate/index.ts';
import type { Term } from './seats.ts';

export function refuseBadSeats(seats: number): void {
  if (!Number.isInteger(seats) || seats < 0 || seats > seatsMax) refuseBody('seats', 'seats_invalid');
}

export function refuseInvertedTerm({ startsAt, expiresAt }: Pick<Term, 'expiresAt' | 'startsAt'>): void {
  if (expiresAt !== null && expiresAt <= startsAt) refuseBody('expiresAt', 'term_inverted');
}
