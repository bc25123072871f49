/** A change of a seat number and its cause, as it is read and shown. */

import type { SeatPoint } from '@seatledger/contract';
import { hasMembers } from '../../connection/answerShape.ts';
import type { Listing } from '../../output/listing.ts';
import { hasSeatCount } from './seats.ts';

export function isSeatPoint(line: unknown): line is SeatPoint {
  return (
    hasSeatCount(line) &&
    hasMembers(line, { at: 'string' }) &&
    (line.cause === null || hasMembers(line.cause, { kind: 'string' }))
  );
}

type Recorded = Extract<SeatPoint['cause'], { kind: 'recorded' }>;

function recorded<Name extends keyof Recorded>(name: Name) {
  return ({ cause }: SeatPoint): Recorded[Name] | null => (cause?.kind === 'recorded' ? cause[name] : null);
}
const [sequence, actor, reason] = [recorded('sequence'), recorded('actor'), recorded('reason')];

/** The kind of the event, or that a term began or ended; nothing for the numbers at the first moment. */
function causeText({ cause }: SeatPoint): string {
  if (cause === null) return '';
  return cause.kind === 'recorded' ? cause.event : cause.kind;
}

export const pointListing: Listing<SeatPoint> = {
  columns: [
    { title: 'AT', value: ({ at }) => at },
    { title: 'PURCHASED', value: ({ purchased }) => purchased, align: 'right' },
    { title: 'ASSIGNED', value: ({ assigned }) => assigned, align: 'right' },
    { title: 'AVAILABLE', value: ({ available }) => available, align: 'right' },
    { title: 'CAUSE', value: causeText },
    { title: 'EVENT', value: (point) => sequence(point) ?? '', align: 'right' },
    { title: 'ACTOR', value: (point) => actor(point) ?? '' },
    { title: 'REASON', value: (point) => reason(point) ?? '' },
  ],
  csv: [
    'at',
    'purchased',
    'assigned',
    'available',
    { title: 'cause', value: causeText },
    { title: 'sequence', value: sequence },
    { title: 'actor', value: actor },
    { title: 'reason', value: reason },
  ],
  empty: 'There is no number at all.',
};
