/** Customer groups: named sets of customers. */

import { type CustomerId, isName, ProblemError } from '@seatledger/contract';
import {
  type ChangeContext,
  type EventState,
  type ExpectedVersion,
  type Outcome,
  requireVersion,
} from '../record/index.ts';
import type { CustomerGroup, EstateStore } from './ports.ts';
import { refuseBody } from './refuseBody.ts';

interface Membership {
  readonly groupId: number;
  readonly customerIds: readonly CustomerId[];
}

/** What joining or leaving came to: customers that were in already, or out, are not counted. */
interface MembershipChange {
  readonly changed: number;
  readonly unchanged: number;
}

/** The name of a group is its own among the partner's. Throws `group_exists` and `body_invalid`. */
export async function createGroup(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  { name }: { name: string },
): Promise<Outcome<CustomerGroup>> {
  await refuseBadName(estate, partnerId, name);
  const groupId = await recorder.nextSequence();
  await recorder.append({
    kind: 'group.created',
    subject: String(groupId),
    customerId: null,
    before: null,
    after: groupState({ name }),
  });
  const group = { groupId, name, changedSequence: groupId };
  await estate.insertGroup(partnerId, group);
  return { keep: true, result: group };
}

/** Throws `group_not_found`, `group_exists`, `version_changed` and `body_invalid`. */
export async function changeGroup(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  { groupId, expected, name }: { groupId: number; expected: ExpectedVersion; name: string },
): Promise<Outcome<CustomerGroup>> {
  const group = await groupAtWork(estate, partnerId, groupId);
  requireVersion(expected, group.changedSequence);
  if (group.name === name) return { keep: false, result: group };
  await refuseBadName(estate, partnerId, name);
  const changedSequence = await recorder.append({
    kind: 'group.changed',
    subject: String(groupId),
    customerId: null,
    before: groupState(group),
    after: groupState({ name }),
  });
  const result = { groupId, name, changedSequence };
  await estate.updateGroup(partnerId, result);
  return { keep: true, result };
}

/** Throws `group_not_found` and `version_changed`. */
export async function deleteGroup(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  { groupId, expected }: { groupId: number; expected: ExpectedVersion },
): Promise<Outcome<null>> {
  const group = await groupAtWork(estate, partnerId, groupId);
  requireVersion(expected, group.changedSequence);
  await recorder.append({
    kind: 'group.deleted',
    subject: String(groupId),
    customerId: null,
    before: groupState(group),
    after: null,
  });
  await estate.deleteGroup(partnerId, groupId);
  return { keep: true, result: null };
}

/** Throws `group_not_found`, and `body_invalid` for customers that are not there; then none joins. */
export async function joinGroup(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  { groupId, customerIds }: Membership,
): Promise<Outcome<MembershipChange>> {
  await groupAtWork(estate, partnerId, groupId);
  const wanted = [...new Set(customerIds)];
  const known = new Set(await estate.customersAmong(partnerId, wanted));
  const unknown = wanted.find((id) => !known.has(id));
  if (unknown !== undefined)
    refuseBody('customerIds', 'customer_not_found', `There is no customer ${unknown}.`);
  const members = new Set(await estate.membersAmong(partnerId, groupId, wanted));
  const joining = wanted.filter((id) => !members.has(id));
  let sequence = 0;
  for (const customerId of joining) {
    sequence = await recorder.append({
      kind: 'group.joined',
      subject: String(groupId),
      customerId,
      before: null,
      after: { customerId },
    });
  }
  if (joining.length > 0) await estate.insertMembers(partnerId, groupId, joining, sequence);
  return outcomeOf(joining, wanted);
}

/** Throws `group_not_found`. */
export async function leaveGroup(
  estate: EstateStore,
  { partnerId, recorder }: ChangeContext,
  { groupId, customerIds }: Membership,
): Promise<Outcome<MembershipChange>> {
  await groupAtWork(estate, partnerId, groupId);
  const wanted = [...new Set(customerIds)];
  const leaving = await estate.membersAmong(partnerId, groupId, wanted);
  let sequence = 0;
  for (const customerId of leaving) {
    sequence = await recorder.append({
      kind: 'group.left',
      subject: String(groupId),
      customerId,
      before: { customerId },
      after: null,
    });
  }
  if (leaving.length > 0) await estate.deleteMembers(partnerId, groupId, leaving, sequence);
  return outcomeOf(leaving, wanted);
}

function outcomeOf(changed: readonly CustomerId[], wanted: readonly CustomerId[]): Outcome<MembershipChange> {
  const result = { changed: changed.length, unchanged: wanted.length - changed.length };
  return { keep: changed.length > 0, result };
}

async function groupAtWork(estate: EstateStore, partnerId: number, groupId: number): Promise<CustomerGroup> {
  const group = await estate.groupOf(partnerId, groupId);
  if (group === undefined) throw new ProblemError('group_not_found');
  return group;
}

async function refuseBadName(estate: EstateStore, partnerId: number, name: string): Promise<void> {
  if (!isName(name)) refuseBody('name', 'name_invalid');
  if ((await estate.groupNamed(partnerId, name)) !== undefined) throw new ProblemError('group_exists');
}

function groupState({ name }: Pick<CustomerGroup, 'name'>): EventState {
  return { name };
}
