/** The queries of identity: app registrations, their credentials and scopes, and what the use of tokens leaves behind. */

import type { CustomerId, Permission, Revision } from '@seatledger/contract';
import { sql } from 'kysely';
import type { App, Client, CustomerScope, IdentityReads, IdentityStore } from '../../identity/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { credentialsOf, credentialStore } from './credentials.ts';

type AppRow = Schema['apps'];
interface ClientKey {
  clientId: string;
}

const appOfId = statement<ClientKey, AppRow>((db, { clientId }) =>
  db.selectFrom('apps').selectAll().where('client_id', '=', clientId),
);

const appsOfPartner = statement<{ partnerId: number }, AppRow>((db, { partnerId }) =>
  db.selectFrom('apps').selectAll().where('partner_id', '=', partnerId).orderBy('name').orderBy('client_id'),
);

/**
 * The app with what tells the customers of its groups from those that were in them before: how many of its groups are there, and who joined
 * or left last.
 *
 * Each group is looked up by itself: of a join, an engine may find it cheaper to read all groups of the partner.
 */
const clientOfId = statement<ClientKey, AppRow & { group_count: number; members_sequence: number | null }>(
  (db, { clientId }) =>
    db
      .selectFrom('apps as app')
      .selectAll('app')
      .select((the) => {
        const named = the.selectFrom('app_groups as named').where('named.client_id', '=', clientId);
        const membersSequence = the
          .selectFrom('customer_groups as there')
          .select('there.members_sequence')
          .whereRef('there.partner_id', '=', 'app.partner_id')
          .where('there.group_id', '=', sql.ref<number>('named.group_id'));
        return [
          named.select(({ fn }) => fn.count<number>(membersSequence).as('count')).as('group_count'),
          named.select(({ fn }) => fn.max<number>(membersSequence).as('last')).as('members_sequence'),
        ];
      })
      .where('app.client_id', '=', clientId),
);

const customersOfApp = statement<ClientKey, { customer_id: string }>((db, { clientId }) =>
  db
    .selectFrom('app_customers')
    .select('customer_id')
    .where('client_id', '=', clientId)
    .orderBy('customer_id'),
);

const groupsOfApp = statement<ClientKey, { group_id: number }>((db, { clientId }) =>
  db.selectFrom('app_groups').select('group_id').where('client_id', '=', clientId).orderBy('group_id'),
);

const groupKeysOfApp = statement<ClientKey, { partner_id: number; group_id: number }>((db, { clientId }) =>
  db
    .selectFrom('apps as app')
    .innerJoin('app_groups as named', 'named.client_id', 'app.client_id')
    .select(['app.partner_id', 'named.group_id'])
    .where('app.client_id', '=', clientId),
);

const customersOfGroup = statement<{ partnerId: number; groupId: number }, { customer_id: string }>(
  (db, { partnerId, groupId }) =>
    db
      .selectFrom('group_members')
      .select('customer_id')
      .where('partner_id', '=', partnerId)
      .where('group_id', '=', groupId),
);

const insertApp = statement<AppRow, unknown>((db, row) =>
  db.insertInto('apps').values({
    client_id: row.client_id,
    partner_id: row.partner_id,
    name: row.name,
    permissions: row.permissions,
    customer_scope: row.customer_scope,
    revision: row.revision,
    disabled: row.disabled,
    created_at: row.created_at,
    changed_sequence: row.changed_sequence,
  }),
);

const updateApp = statement<AppRow, unknown>((db, row) =>
  db
    .updateTable('apps')
    .set({
      name: row.name,
      permissions: row.permissions,
      customer_scope: row.customer_scope,
      revision: row.revision,
      disabled: row.disabled,
      changed_sequence: row.changed_sequence,
    })
    .where('client_id', '=', row.client_id),
);

const insertAppCustomer = statement<ClientKey & { customerId: string }, unknown>(
  (db, { clientId, customerId }) =>
    db.insertInto('app_customers').values({ client_id: clientId, customer_id: customerId }),
);
const insertAppGroup = statement<ClientKey & { groupId: number }, unknown>((db, { clientId, groupId }) =>
  db.insertInto('app_groups').values({ client_id: clientId, group_id: groupId }),
);
const deleteAppCustomers = statement<ClientKey, unknown>((db, { clientId }) =>
  db.deleteFrom('app_customers').where('client_id', '=', clientId),
);
const deleteAppGroups = statement<ClientKey, unknown>((db, { clientId }) =>
  db.deleteFrom('app_groups').where('client_id', '=', clientId),
);
const deleteApp = statement<ClientKey, unknown>((db, { clientId }) =>
  db.deleteFrom('apps').where('client_id', '=', clientId),
);

export function identityStore(connection: Connection): IdentityStore {
  const credentials = credentialStore(connection);

  async function insertScope(clientId: string, scope: CustomerScope): Promise<void> {
    if (scope === 'all') return;
    if ('customers' in scope) {
      const rows = scope.customers.map((customerId) => ({ clientId, customerId }));
      await connection.runMany(insertAppCustomer, rows);
    } else {
      await connection.runMany(
        insertAppGroup,
        scope.groups.map((groupId) => ({ clientId, groupId })),
      );
    }
  }

  async function deleteScope(clientId: string): Promise<void> {
    await connection.run(deleteAppCustomers, { clientId });
    await connection.run(deleteAppGroups, { clientId });
  }

  return {
    ...credentials,
    appOf: (partnerId, clientId) => appOf(connection, partnerId, clientId),
    async insertApp(app) {
      await connection.run(insertApp, appToRow(app));
      for (const credential of app.credentials) await credentials.insertCredential(app.clientId, credential);
      await insertScope(app.clientId, app.scope);
    },
    async updateApp(app) {
      await connection.run(updateApp, appToRow(app));
      await deleteScope(app.clientId);
      await insertScope(app.clientId, app.scope);
    },
    async deleteApp(clientId) {
      await credentials.deleteCredentials(clientId);
      await deleteScope(clientId);
      await connection.run(deleteApp, { clientId });
    },
  };
}

export function identityReads(
  connection: Connection,
): Pick<IdentityReads, 'app' | 'appsOf' | 'client' | 'customersOf'> {
  return {
    app: (partnerId, clientId) => appOf(connection, partnerId, clientId),
    async appsOf(partnerId) {
      const rows = await connection.all(appsOfPartner, { partnerId });
      return Promise.all(rows.map((row) => appFromRow(connection, row)));
    },
    async client(clientId) {
      const row = await connection.first(clientOfId, { clientId });
      if (row === undefined) return undefined;
      return {
        ...factsFromRow(row),
        scopeVersion:
          row.customer_scope === 'all'
            ? 'all'
            : `${row.changed_sequence}.${row.group_count}.${row.members_sequence ?? 0}`,
        credentials: await credentialsOf(connection, clientId),
      };
    },
    async customersOf(clientId) {
      const named = await connection.all(customersOfApp, { clientId });
      const groups = await connection.all(groupKeysOfApp, { clientId });
      // One group after the other: of a join, an engine may find it cheaper to read all members of the partner's groups.
      const ofGroups = await connection.allOfMany(
        customersOfGroup,
        groups.map(({ partner_id: partnerId, group_id: groupId }) => ({ partnerId, groupId })),
      );
      return [...new Set([...named, ...ofGroups].map(({ customer_id }) => customer_id as CustomerId))];
    },
  };
}

async function appOf(connection: Connection, partnerId: number, clientId: string): Promise<App | undefined> {
  const row = await connection.first(appOfId, { clientId });
  return row === undefined || row.partner_id !== partnerId ? undefined : appFromRow(connection, row);
}

async function appFromRow(connection: Connection, row: AppRow): Promise<App> {
  return {
    ...factsFromRow(row),
    name: row.name,
    createdAt: row.created_at,
    changedSequence: row.changed_sequence,
    scope: await scopeOf(connection, row),
    credentials: await credentialsOf(connection, row.client_id),
  };
}

async function scopeOf(
  connection: Connection,
  { client_id: clientId, customer_scope }: AppRow,
): Promise<CustomerScope> {
  if (customer_scope === 'all') return 'all';
  if (customer_scope === 'groups') {
    const rows = await connection.all(groupsOfApp, { clientId });
    return { groups: rows.map(({ group_id }) => group_id) };
  }
  const rows = await connection.all(customersOfApp, { clientId });
  return { customers: rows.map(({ customer_id }) => customer_id as CustomerId) };
}

function factsFromRow(row: AppRow): Omit<Client, 'credentials' | 'scopeVersion'> {
  return {
    clientId: row.client_id,
    partnerId: row.partner_id,
    permissions: JSON.parse(row.permissions) as Permission[],
    revision: row.revision as Revision,
    disabled: row.disabled === 1,
  };
}

function appToRow(app: App): AppRow {
  const { scope } = app;
  return {
    client_id: app.clientId,
    partner_id: app.partnerId,
    name: app.name,
    permissions: JSON.stringify(app.permissions),
    customer_scope: scope === 'all' ? 'all' : 'customers' in scope ? 'customers' : 'groups',
    revision: app.revision,
    disabled: app.disabled ? 1 : 0,
    created_at: app.createdAt,
    changed_sequence: app.changedSequence,
  };
}
