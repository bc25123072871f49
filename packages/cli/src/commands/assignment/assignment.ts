/** Who holds the seats, as it is read and shown. */

import type { Assignment, AssignmentReport } from '@seatledger/contract';
import { hasMembers } from '../../connection/answerShape.ts';
import type { Listing } from '../../output/listing.ts';

export function isAssignment(body: unknown): body is Assignment {
  return (
    hasMembers(body, { productType: 'number', userId: 'string', assignedSequence: 'number' }) &&
    (body.user === null || typeof body.user === 'string')
  );
}

export function isAssignmentReport(body: unknown): body is AssignmentReport {
  return (
    hasMembers(body, { changed: 'number', unchanged: 'number', sequence: 'number' }) &&
    hasMembers(body.seats, { purchased: 'number', assigned: 'number', available: 'number' })
  );
}

export const assignmentListing: Listing<Assignment> = {
  columns: [
    { title: 'TYPE', value: ({ productType }) => productType, align: 'right' },
    { title: 'USER', value: ({ user }) => user ?? '(erased)' },
    { title: 'USER ID', value: ({ userId }) => userId },
    { title: 'SINCE EVENT', value: ({ assignedSequence }) => assignedSequence, align: 'right' },
  ],
  csv: ['productType', 'user', 'userId', 'assignedSequence'],
  empty: 'No user of the customer holds a seat.',
};

export function reportText(done: string): (report: AssignmentReport) => string {
  return ({ changed, unchanged, seats: { purchased, assigned, available } }) =>
    `${done} ${changed}, unchanged ${unchanged}. Purchased ${purchased}, assigned ${assigned}, available ${available}.\n`;
}
