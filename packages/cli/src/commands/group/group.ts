/** A customer group, as it is read and shown. */

import { type CustomerGroup, type MembershipChange, operations } from '@seatledger/contract';
import { hasMembers } from '../../connection/answerShape.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { factsText } from '../../output/facts.ts';
import type { Listing } from '../../output/listing.ts';

export function isGroup(body: unknown): body is CustomerGroup {
  return hasMembers(body, { groupId: 'number', name: 'string', changedSequence: 'number' });
}

export function isMembershipChange(body: unknown): body is MembershipChange {
  return hasMembers(body, { changed: 'number', unchanged: 'number' });
}

/** Where the group is got and changed. */
export function theGroup(groupId: string) {
  const operation = operations.getGroup;
  return { operation, path: operationPath(operation.path, { groupId }) };
}

export const groupListing: Listing<CustomerGroup> = {
  columns: [
    { title: 'GROUP', value: ({ groupId }) => groupId, align: 'right' },
    { title: 'NAME', value: ({ name }) => name },
  ],
  csv: ['groupId', 'name', 'changedSequence'],
  empty: 'There is no customer group yet.',
};

export function groupText({ groupId, name, changedSequence }: CustomerGroup): string {
  return factsText([
    ['group', groupId],
    ['name', name],
    ['version', changedSequence],
  ]);
}
