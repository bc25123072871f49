/** The queries of users and of the seats that they hold. */

import type { CustomerId, ProductType } from '@seatledger/contract';
import { sql } from 'kysely';
import type { Assignment, AssignmentStore, LedgerReads, User } from '../../ledger/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { type HoldingKey, keyIn } from './holdingKey.ts';

type UserKey = { partnerId: number; customerId: string; userId: string };
type AssignmentRow = Schema['assignments'];

const userOfAddress = statement<{ partnerId: number; customerId: string; address: string }, User>(
  (db, { partnerId, customerId, address }) =>
    db
      .selectFrom('users')
      .select(['user_id as userId', 'address'])
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('address', '=', address),
);

const insertUser = statement<UserKey & { address: string | null }, unknown>(
  (db, { partnerId, customerId, userId, address }) =>
    db
      .insertInto('users')
      .values({ partner_id: partnerId, customer_id: customerId, user_id: userId, address }),
);

const keepUser = statement<UserKey, unknown>((db, { partnerId, customerId, userId }) =>
  db
    .insertInto('users')
    .values({ partner_id: partnerId, customer_id: customerId, user_id: userId, address: sql.lit(null) })
    .onConflict((conflict) => conflict.doNothing()),
);

const eraseAddress = statement<UserKey, unknown>((db, { partnerId, customerId, userId }) =>
  db
    .updateTable('users')
    .set({ address: sql.lit(null) })
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId)
    .where('user_id', '=', userId),
);

const holderOfId = statement<HoldingKey & { userId: string }, { user_id: string }>(
  (db, { partnerId, customerId, productType, userId }) =>
    db
      .selectFrom('assignments')
      .select('user_id')
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('product_type', '=', productType)
      .where('user_id', '=', userId),
);

const insertAssignment = statement<AssignmentRow, unknown>((db, row) =>
  db.insertInto('assignments').values({
    partner_id: row.partner_id,
    customer_id: row.customer_id,
    product_type: row.product_type,
    user_id: row.user_id,
    assigned_sequence: row.assigned_sequence,
  }),
);

const deleteAssignment = statement<HoldingKey & { userId: string }, unknown>(
  (db, { partnerId, customerId, productType, userId }) =>
    db
      .deleteFrom('assignments')
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('product_type', '=', productType)
      .where('user_id', '=', userId),
);

const assignmentsAfter = statement<
  HoldingKey & { userId: string; limit: number },
  AssignmentRow & { address: string | null }
>((db, { partnerId, customerId, productType, userId, limit }) =>
  db
    .selectFrom('assignments as assignment')
    .innerJoin('users as user', (join) =>
      join
        .onRef('user.partner_id', '=', 'assignment.partner_id')
        .onRef('user.customer_id', '=', 'assignment.customer_id')
        .onRef('user.user_id', '=', 'assignment.user_id'),
    )
    .selectAll('assignment')
    .select('user.address')
    .where('assignment.partner_id', '=', partnerId)
    .where('assignment.customer_id', '=', customerId)
    .where((the) =>
      the(the.refTuple('assignment.product_type', 'assignment.user_id'), '>', the.tuple(productType, userId)),
    )
    .orderBy('assignment.product_type')
    .orderBy('assignment.user_id')
    .limit(limit),
);

export function assignmentStore(connection: Connection): AssignmentStore {
  return {
    usersAmong: (partnerId, customerId, addresses) =>
      connection.allOfMany(
        userOfAddress,
        addresses.map((address) => ({ partnerId, customerId, address })),
      ),
    insertUsers: (partnerId, customerId, users) =>
      connection.runMany(
        insertUser,
        users.map((user) => ({ partnerId, customerId, ...user })),
      ),
    keepUser: (partnerId, customerId, userId) => connection.run(keepUser, { partnerId, customerId, userId }),
    eraseAddress: (partnerId, customerId, userId) =>
      connection.run(eraseAddress, { partnerId, customerId, userId }),
    async holdersAmong(partnerId, holding, userIds) {
      const key = keyIn(partnerId)(holding);
      const rows = await connection.allOfMany(
        holderOfId,
        userIds.map((userId) => ({ ...key, userId })),
      );
      return rows.map(({ user_id }) => user_id);
    },
    insertAssignments: (partnerId, assignments) =>
      connection.runMany(
        insertAssignment,
        assignments.map(({ customerId, productType, userId, assignedSequence }) => ({
          partner_id: partnerId,
          customer_id: customerId,
          product_type: productType,
          user_id: userId,
          assigned_sequence: assignedSequence,
        })),
      ),
    deleteAssignments: (partnerId, holding, userIds) => {
      const key = keyIn(partnerId)(holding);
      return connection.runMany(
        deleteAssignment,
        userIds.map((userId) => ({ ...key, userId })),
      );
    },
  };
}

export function assignmentReads(connection: Connection): Pick<LedgerReads, 'assignmentsAfter'> {
  return {
    async assignmentsAfter(partnerId, customerId, after, limit) {
      const from = after ?? { productType: -1, userId: '' };
      const rows = await connection.all(assignmentsAfter, { partnerId, customerId, ...from, limit });
      return rows.map(assignmentFromRow);
    },
  };
}

function assignmentFromRow(row: AssignmentRow & { address: string | null }): Assignment {
  return {
    customerId: row.customer_id as CustomerId,
    productType: row.product_type as ProductType,
    userId: row.user_id,
    address: row.address,
    assignedSequence: row.assigned_sequence,
  };
}
