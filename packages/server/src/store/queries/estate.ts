/** The queries of the estate: partners and customers. */

import type { CustomerId } from '@seatledger/contract';
import type { EstateReads, EstateStore, Partner } from '../../estate/ports.ts';
import type { Connection } from '../connection.ts';
import { statement } from '../statement.ts';

interface PartnerRow {
  partner_id: number;
  name: string;
  created_at: number;
}
const partnerColumns = ['partner_id', 'name', 'created_at'] as const;

const partnersByName = statement<object, PartnerRow>((db) =>
  db.selectFrom('partners').select(partnerColumns).orderBy('name'),
);

const partnerOfName = statement<{ name: string }, PartnerRow>((db, { name }) =>
  db.selectFrom('partners').select(partnerColumns).where('name', '=', name),
);

const insertPartner = statement<
  { name: string; createdAt: number; sequence: number; recordedAt: number; hash: string },
  PartnerRow
>((db, { name, createdAt, sequence, recordedAt, hash }) =>
  db
    .insertInto('partners')
    .values({
      name,
      created_at: createdAt,
      head_sequence: sequence,
      head_recorded_at: recordedAt,
      head_hash: hash,
    })
    .returning(partnerColumns),
);

const customerOfId = statement<{ partnerId: number; customerId: string }, { customer_id: string }>(
  (db, { partnerId, customerId }) =>
    db
      .selectFrom('customers')
      .select('customer_id')
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId),
);

const insertCustomer = statement<{ partnerId: number; customerId: string; organization: string }, unknown>(
  (db, { partnerId, customerId, organization }) =>
    db.insertInto('customers').values({ partner_id: partnerId, customer_id: customerId, organization }),
);

export function estateStore(connection: Connection): EstateStore {
  return {
    async partnerNamed(name) {
      const row = await connection.first(partnerOfName, { name });
      return row === undefined ? undefined : partnerFromRow(row);
    },
    async insertPartner({ name, createdAt, head }) {
      const row = await connection.first(insertPartner, { name, createdAt, ...head });
      if (row === undefined) throw new Error('the partner that was inserted is not there');
      return partnerFromRow(row);
    },
    async customersAmong(partnerId, ids) {
      const rows = await connection.allOfMany(
        customerOfId,
        ids.map((customerId) => ({ partnerId, customerId })),
      );
      return rows.map(({ customer_id }) => customer_id as CustomerId);
    },
    insertCustomers: (partnerId, customers) =>
      connection.runMany(
        insertCustomer,
        customers.map(({ customerId, organization }) => ({ partnerId, customerId, organization })),
      ),
  };
}

export function estateReads(connection: Connection): EstateReads {
  return {
    partners: async () => (await connection.all(partnersByName, {})).map(partnerFromRow),
    hasCustomer: async (partnerId, customerId) =>
      (await connection.first(customerOfId, { partnerId, customerId })) !== undefined,
  };
}

function partnerFromRow({ partner_id, name, created_at }: PartnerRow): Partner {
  return { partnerId: partner_id, name, createdAt: created_at };
}
