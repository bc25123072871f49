/** The queries of the estate: partners, customers and their tenants. */

import type { CustomerId, JobStatus, ManagementMode, TenantType } from '@seatledger/contract';
import type { Customer, EstateReads, EstateStore, Partner, Tenant } from '../../estate/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { groupReads, groupStore } from './groups.ts';

interface PartnerRow {
  partner_id: number;
  name: string;
  created_at: number;
}
type CustomerRow = Schema['customers'];
/** A customer without its place among the others, which it never changes. */
type KnownRow = Omit<CustomerRow, 'ordinal'>;
type TenantRow = Schema['tenants'];
type CustomerKey = { partnerId: number; customerId: string };
const partnerColumns = ['partner_id', 'name', 'created_at'] as const;

const partnersByName = statement<object, PartnerRow>((db) =>
  db.selectFrom('partners').select(partnerColumns).orderBy('name'),
);

const partnerOfName = statement<{ name: string }, PartnerRow>((db, { name }) =>
  db.selectFrom('partners').select(partnerColumns).where('name', '=', name),
);

const lastPartner = statement<object, { last: number | null }>((db) =>
  db.selectFrom('partners').select((the) => the.fn.max('partner_id').as('last')),
);

const insertPartner = statement<
  {
    partnerId: number;
    name: string;
    createdAt: number;
    sequence: number;
    recordedAt: number;
    hash: string;
  },
  unknown
>((db, { partnerId, name, createdAt, sequence, recordedAt, hash }) =>
  db.insertInto('partners').values({
    partner_id: partnerId,
    name,
    created_at: createdAt,
    head_sequence: sequence,
    head_recorded_at: recordedAt,
    head_hash: hash,
  }),
);

const customerExists = statement<CustomerKey, { customer_id: string }>((db, { partnerId, customerId }) =>
  db
    .selectFrom('customers')
    .select('customer_id')
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId),
);

function customerOfId({ locked }: { locked: boolean }) {
  return statement<CustomerKey, CustomerRow>((db, { partnerId, customerId }) => {
    const found = db
      .selectFrom('customers')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId);
    return locked ? found.forNoKeyUpdate() : found;
  });
}
const customerRead = customerOfId({ locked: false });
const customerLocked = customerOfId({ locked: true });

const customersAfter = statement<{ partnerId: number; after: string; limit: number }, CustomerRow>(
  (db, { partnerId, after, limit }) =>
    db
      .selectFrom('customers')
      .selectAll()
      .where('partner_id', '=', partnerId)
      .where('customer_id', '>', after)
      .orderBy('customer_id')
      .limit(limit),
);

const lastOrdinal = statement<{ partnerId: number }, { last: number | null }>((db, { partnerId }) =>
  db
    .selectFrom('customers')
    .select((the) => the.fn.max('ordinal').as('last'))
    .where('partner_id', '=', partnerId),
);

type CountedRow = { last: number | null } & { [Name in keyof CustomerRow]: CustomerRow[Name] | null };

/** One row at least, so that one statement also says how many there are where the page has none. */
const customersBetween = statement<{ partnerId: number; after: number; through: number }, CountedRow>(
  (db, { partnerId, after, through }) =>
    db
      .selectFrom((the) =>
        the
          .selectFrom('customers')
          .select(({ fn }) => fn.max('ordinal').as('last'))
          .where('partner_id', '=', partnerId)
          .as('all'),
      )
      .leftJoin('customers as customer', (join) =>
        join
          .on('customer.partner_id', '=', partnerId)
          .on('customer.ordinal', '>', after)
          .on('customer.ordinal', '<=', through),
      )
      .select('all.last')
      .selectAll('customer')
      .orderBy('customer.ordinal'),
);

const customersOfOwner = statement<{ partnerId: number; ownerKey: string }, { customer_id: string }>(
  (db, { partnerId, ownerKey }) =>
    db
      .selectFrom('customers')
      .select('customer_id')
      .where('partner_id', '=', partnerId)
      .where('owner_key', '=', ownerKey),
);

const insertCustomer = statement<CustomerRow, unknown>((db, row) =>
  db.insertInto('customers').values({
    partner_id: row.partner_id,
    customer_id: row.customer_id,
    organization: row.organization,
    owner_email: row.owner_email,
    owner_key: row.owner_key,
    job_status: row.job_status,
    country_or_region: row.country_or_region,
    management_mode: row.management_mode,
    ordinal: row.ordinal,
    changed_sequence: row.changed_sequence,
  }),
);

const updateCustomer = statement<KnownRow, unknown>((db, row) =>
  db
    .updateTable('customers')
    .set({
      organization: row.organization,
      owner_email: row.owner_email,
      owner_key: row.owner_key,
      job_status: row.job_status,
      country_or_region: row.country_or_region,
      management_mode: row.management_mode,
      changed_sequence: row.changed_sequence,
    })
    .where('partner_id', '=', row.partner_id)
    .where('customer_id', '=', row.customer_id),
);

const tenantsOfCustomer = statement<CustomerKey, TenantRow>((db, { partnerId, customerId }) =>
  db
    .selectFrom('tenants')
    .selectAll()
    .where('partner_id', '=', partnerId)
    .where('customer_id', '=', customerId)
    .orderBy('tenant_id'),
);

const insertTenant = statement<TenantRow, unknown>((db, row) =>
  db.insertInto('tenants').values({
    partner_id: row.partner_id,
    customer_id: row.customer_id,
    tenant_id: row.tenant_id,
    tenant_type: row.tenant_type,
    name: row.name,
    available_seats: row.available_seats,
    assigned_seats: row.assigned_seats,
  }),
);

const deleteTenant = statement<CustomerKey & { tenantId: string }, unknown>(
  (db, { partnerId, customerId, tenantId }) =>
    db
      .deleteFrom('tenants')
      .where('partner_id', '=', partnerId)
      .where('customer_id', '=', customerId)
      .where('tenant_id', '=', tenantId),
);

export function estateStore(connection: Connection): EstateStore {
  const deleteTenantOf = (partnerId: number, customerId: string, tenantId: string) =>
    connection.run(deleteTenant, { partnerId, customerId, tenantId });
  return {
    ...groupStore(connection),
    async partnerNamed(name) {
      const row = await connection.first(partnerOfName, { name });
      return row === undefined ? undefined : partnerFromRow(row);
    },
    // Whoever makes a partner is alone with what belongs to none.
    async insertPartner({ name, createdAt, head }) {
      const partnerId = ((await connection.first(lastPartner, {}))?.last ?? 0) + 1;
      await connection.run(insertPartner, { partnerId, name, createdAt, ...head });
      return { partnerId, name, createdAt };
    },
    async customersAmong(partnerId, ids) {
      const rows = await connection.allOfMany(
        customerExists,
        ids.map((customerId) => ({ partnerId, customerId })),
      );
      return rows.map(({ customer_id }) => customer_id as CustomerId);
    },
    async lockCustomer(partnerId, customerId) {
      const source = connection.hasOneWriter ? customerRead : customerLocked;
      const row = await connection.first(source, { partnerId, customerId });
      return row === undefined ? undefined : customerFromRow(row);
    },
    async insertCustomers(partnerId, customers) {
      const last = (await connection.first(lastOrdinal, { partnerId }))?.last ?? 0;
      await connection.runMany(
        insertCustomer,
        customers.map((customer, index) => ({
          ...customerToRow(partnerId, customer),
          ordinal: last + 1 + index,
        })),
      );
    },
    updateCustomer: (partnerId, customer) =>
      connection.run(updateCustomer, customerToRow(partnerId, customer)),
    async hasOwner(partnerId, ownerEmail) {
      const ownerKey = ownerKeyOf(ownerEmail);
      if (ownerKey === null) return false;
      return (await connection.first(customersOfOwner, { partnerId, ownerKey })) !== undefined;
    },
    tenantsOf: async (partnerId, customerId) =>
      (await connection.all(tenantsOfCustomer, { partnerId, customerId })).map(tenantFromRow),
    async putTenant(partnerId, customerId, tenant) {
      await deleteTenantOf(partnerId, customerId, tenant.tenantId);
      await connection.run(insertTenant, tenantToRow(partnerId, customerId, tenant));
    },
    deleteTenant: deleteTenantOf,
  };
}

export function estateReads(connection: Connection): EstateReads {
  return {
    ...groupReads(connection),
    partners: async () => (await connection.all(partnersByName, {})).map(partnerFromRow),
    hasCustomer: async (partnerId, customerId) =>
      (await connection.first(customerExists, { partnerId, customerId })) !== undefined,
    async customer(partnerId, customerId) {
      const row = await connection.first(customerRead, { partnerId, customerId });
      return row === undefined ? undefined : customerFromRow(row);
    },
    customersAfter: async (partnerId, after, limit) =>
      (await connection.all(customersAfter, { partnerId, after, limit })).map(customerFromRow),
    async customersInOrder(partnerId, { skip, limit }) {
      const rows = await connection.all(customersBetween, { partnerId, after: skip, through: skip + limit });
      return { customers: rows.filter(isOfCustomer).map(customerFromRow), total: rows[0]?.last ?? 0 };
    },
    async customersOf(partnerId, customerIds) {
      const rows = await connection.allOfMany(
        customerRead,
        customerIds.map((customerId) => ({ partnerId, customerId })),
      );
      return rows.map(customerFromRow);
    },
    async tenantsOf(partnerId, customerIds) {
      const rows = await connection.allOfMany(
        tenantsOfCustomer,
        customerIds.map((customerId) => ({ partnerId, customerId })),
      );
      return rows.map((row) => ({ customerId: row.customer_id as CustomerId, ...tenantFromRow(row) }));
    },
  };
}

function partnerFromRow({ partner_id, name, created_at }: PartnerRow): Partner {
  return { partnerId: partner_id, name, createdAt: created_at };
}

function isOfCustomer(row: CountedRow): row is CountedRow & CustomerRow {
  return row.customer_id !== null;
}

function ownerKeyOf(ownerEmail: string): string | null {
  return ownerEmail === '' ? null : ownerEmail.toLowerCase();
}

function customerFromRow(row: KnownRow): Customer {
  return {
    customerId: row.customer_id as CustomerId,
    organization: row.organization,
    ownerEmail: row.owner_email,
    jobStatus: row.job_status as JobStatus,
    countryOrRegion: row.country_or_region,
    managementMode: row.management_mode as ManagementMode,
    changedSequence: row.changed_sequence,
  };
}

function customerToRow(partnerId: number, customer: Customer): KnownRow {
  return {
    partner_id: partnerId,
    customer_id: customer.customerId,
    organization: customer.organization,
    owner_email: customer.ownerEmail,
    owner_key: ownerKeyOf(customer.ownerEmail),
    job_status: customer.jobStatus,
    country_or_region: customer.countryOrRegion,
    management_mode: customer.managementMode,
    changed_sequence: customer.changedSequence,
  };
}

function tenantFromRow(row: TenantRow): Tenant {
  return {
    tenantId: row.tenant_id,
    type: row.tenant_type as TenantType,
    name: row.name,
    availableSeats: row.available_seats,
    assignedSeats: row.assigned_seats,
  };
}

function tenantToRow(partnerId: number, customerId: string, tenant: Tenant): TenantRow {
  return {
    partner_id: partnerId,
    customer_id: customerId,
    tenant_id: tenant.tenantId,
    tenant_type: tenant.type,
    name: tenant.name,
    available_seats: tenant.availableSeats,
    assigned_seats: tenant.assignedSeats,
  };
}
