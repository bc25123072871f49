/** The queries of customer groups. */

import type { CustomerId } from '@seatledger/contract';
import type { CustomerGroup, EstateReads, EstateStore } from '../../estate/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';

type GroupRow = Schema['customer_groups'];
type NewGroupRow = Omit<GroupRow, 'members_sequence'>;
type GroupKey = { partnerId: number; groupId: number };
type MemberKey = GroupKey & { customerId: string };

const groupOfId = statement<GroupKey, GroupRow>((db, { partnerId, groupId }) =>
  db
    .selectFrom('customer_groups')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('group_id', '=', groupId),
);

const groupOfName = statement<{ partnerId: number; name: string }, GroupRow>((db, { partnerId, name }) =>
  db.selectFrom('customer_groups').selectAll().where('partner_id', '=', partnerId).where('name', '=', name),
);

const groupsAfter = statement<{ partnerId: number; after: number; limit: number }, GroupRow>(
  (db, { partnerId, after, limit }) =>
    db
      .selectFrom('customer_groups')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('group_id', '>', after)
      .orderBy('group_id')
      .limit(limit),
);

const insertGroup = statement<NewGroupRow, unknown>((db, row) =>
  db.insertInto('customer_groups').values({
    partner_id: row.partner_id,
    group_id: row.group_id,
    name: row.name,
    changed_sequence: row.changed_sequence,
    members_sequence: row.changed_sequence,
  }),
);

const updateGroup = statement<NewGroupRow, unknown>((db, row) =>
  db
    .updateTable('customer_groups')
    .set({ name: row.name, changed_sequence: row.changed_sequence })
    .where('partner_id', '=', row.partner_id)
    .where('group_id', '=', row.group_id),
);

const deleteGroup = statement<GroupKey, unknown>((db, { partnerId, groupId }) =>
  db.deleteFrom('customer_groups').where('partner_id', '=', partnerId).where('group_id', '=', groupId),
);

const deleteMembers = statement<GroupKey, unknown>((db, { partnerId, groupId }) =>
  db.deleteFrom('group_members').where('partner_id', '=', partnerId).where('group_id', '=', groupId),
);

const memberOfId = statement<MemberKey, { customer_id: string }>((db, { partnerId, groupId, customerId }) =>
  db
    .selectFrom('group_members')
    .select('customer_id')
    .where('partner_id', '=', partnerId)
    .where('group_id', '=', groupId)
    .where('customer_id', '=', customerId),
);

const membersAfter = statement<GroupKey & { after: string; limit: number }, { customer_id: string }>(
  (db, { partnerId, groupId, after, limit }) =>
    db
      .selectFrom('group_members')
      .select('customer_id')
      .where('partner_id', '=', partnerId)
      .where('group_id', '=', groupId)
      .where('customer_id', '>', after)
      .orderBy('customer_id')
      .limit(limit),
);

const insertMember = statement<MemberKey, unknown>((db, { partnerId, groupId, customerId }) =>
  db
    .insertInto('group_members')
    .values({ partner_id: partnerId, group_id: groupId, customer_id: customerId }),
);

const deleteMember = statement<MemberKey, unknown>((db, { partnerId, groupId, customerId }) =>
  db
    .deleteFrom('group_members')
    .where('partner_id', '=', partnerId)
    .where('group_id', '=', groupId)
    .where('customer_id', '=', customerId),
);

const updateMembersSequence = statement<GroupKey & { sequence: number }, unknown>(
  (db, { partnerId, groupId, sequence }) =>
    db
      .updateTable('customer_groups')
      .set({ members_sequence: sequence })
      .where('partner_id', '=', partnerId)
      .where('group_id', '=', groupId),
);

type GroupStore = Pick<
  EstateStore,
  | 'deleteGroup'
  | 'deleteMembers'
  | 'groupNamed'
  | 'groupOf'
  | 'insertGroup'
  | 'insertMembers'
  | 'membersAmong'
  | 'updateGroup'
>;

export function groupStore(connection: Connection): GroupStore {
  return {
    groupOf: (partnerId, groupId) => oneGroup(connection, partnerId, groupId),
    async groupNamed(partnerId, name) {
      const row = await connection.first(groupOfName, { partnerId, name });
      return row === undefined ? undefined : groupFromRow(row);
    },
    insertGroup: (partnerId, group) => connection.run(insertGroup, groupToRow(partnerId, group)),
    updateGroup: (partnerId, group) => connection.run(updateGroup, groupToRow(partnerId, group)),
    async deleteGroup(partnerId, groupId) {
      await connection.run(deleteMembers, { partnerId, groupId });
      await connection.run(deleteGroup, { partnerId, groupId });
    },
    membersAmong: (partnerId, groupId, ids) => membersAmong(connection, partnerId, groupId, ids),
    async insertMembers(partnerId, groupId, ids, sequence) {
      await connection.runMany(insertMember, membersOf(partnerId, groupId, ids));
      await connection.run(updateMembersSequence, { partnerId, groupId, sequence });
    },
    async deleteMembers(partnerId, groupId, ids, sequence) {
      await connection.runMany(deleteMember, membersOf(partnerId, groupId, ids));
      await connection.run(updateMembersSequence, { partnerId, groupId, sequence });
    },
  };
}

export function groupReads(
  connection: Connection,
): Pick<EstateReads, 'group' | 'groupsAfter' | 'membersAfter' | 'membersAmong'> {
  return {
    group: (partnerId, groupId) => oneGroup(connection, partnerId, groupId),
    groupsAfter: async (partnerId, after, limit) =>
      (await connection.all(groupsAfter, { partnerId, after, limit })).map(groupFromRow),
    membersAfter: async (partnerId, groupId, after, limit) =>
      (await connection.all(membersAfter, { partnerId, groupId, after, limit })).map(
        ({ customer_id }) => customer_id as CustomerId,
      ),
    membersAmong: (partnerId, groupId, ids) => membersAmong(connection, partnerId, groupId, ids),
  };
}

/** Those of the customers that are in the group, in the order given. */
export async function membersAmong(
  connection: Connection,
  partnerId: number,
  groupId: number,
  ids: readonly CustomerId[],
): Promise<readonly CustomerId[]> {
  const rows = await connection.allOfMany(memberOfId, membersOf(partnerId, groupId, ids));
  return rows.map(({ customer_id }) => customer_id as CustomerId);
}

async function oneGroup(
  connection: Connection,
  partnerId: number,
  groupId: number,
): Promise<CustomerGroup | undefined> {
  const row = await connection.first(groupOfId, { partnerId, groupId });
  return row === undefined ? undefined : groupFromRow(row);
}

function membersOf(partnerId: number, groupId: number, ids: readonly CustomerId[]): readonly MemberKey[] {
  return ids.map((customerId) => ({ partnerId, groupId, customerId }));
}

function groupFromRow({ group_id, name, changed_sequence }: GroupRow): CustomerGroup {
  return { groupId: group_id, name, changedSequence: changed_sequence };
}

function groupToRow(partnerId: number, { groupId, name, changedSequence }: CustomerGroup): NewGroupRow {
  return { partner_id: partnerId, group_id: groupId, name, changed_sequence: changedSequence };
}
