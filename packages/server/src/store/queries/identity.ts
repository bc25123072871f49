/** The queries of identity: app registrations, their secrets and their customers. */

import type { CustomerId, Permission, Revision } from '@seatledger/contract';
import type { App, ClientSecret, IdentityReads, IdentityStore } from '../../identity/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';

type AppRow = Schema['apps'];
type SecretRow = Schema['app_secrets'];

const appOfId = statement<{ clientId: string }, AppRow>((db, { clientId }) =>
  db.selectFrom('apps').selectAll().where('client_id', '=', clientId),
);

const appsOfPartner = statement<{ partnerId: number }, AppRow>((db, { partnerId }) =>
  db.selectFrom('apps').selectAll().where('partner_id', '=', partnerId).orderBy('name').orderBy('client_id'),
);

const secretsOfApp = statement<{ clientId: string }, SecretRow>((db, { clientId }) =>
  db
    .selectFrom('app_secrets')
    .selectAll()
    .where('client_id', '=', clientId)
    .orderBy('created_at')
    .orderBy('secret_id'),
);

const customersOfApp = statement<{ clientId: string }, { customer_id: string }>((db, { clientId }) =>
  db
    .selectFrom('app_customers')
    .select('customer_id')
    .where('client_id', '=', clientId)
    .orderBy('customer_id'),
);

const insertApp = statement<AppRow, unknown>((db, row) =>
  db.insertInto('apps').values({
    client_id: row.client_id,
    partner_id: row.partner_id,
    name: row.name,
    permissions: row.permissions,
    customer_scope: row.customer_scope,
    revision: row.revision,
    created_at: row.created_at,
  }),
);

const insertSecret = statement<SecretRow, unknown>((db, row) =>
  db.insertInto('app_secrets').values({
    client_id: row.client_id,
    secret_id: row.secret_id,
    hash: row.hash,
    last_four: row.last_four,
    created_at: row.created_at,
    expires_at: row.expires_at,
  }),
);

const insertAppCustomer = statement<{ clientId: string; customerId: string }, unknown>(
  (db, { clientId, customerId }) =>
    db.insertInto('app_customers').values({ client_id: clientId, customer_id: customerId }),
);

const deleteSecrets = statement<{ clientId: string }, unknown>((db, { clientId }) =>
  db.deleteFrom('app_secrets').where('client_id', '=', clientId),
);
const deleteAppCustomers = statement<{ clientId: string }, unknown>((db, { clientId }) =>
  db.deleteFrom('app_customers').where('client_id', '=', clientId),
);
const deleteApp = statement<{ clientId: string }, unknown>((db, { clientId }) =>
  db.deleteFrom('apps').where('client_id', '=', clientId),
);

export function identityStore(connection: Connection): IdentityStore {
  return {
    async appOf(partnerId, clientId) {
      const row = await connection.first(appOfId, { clientId });
      return row === undefined || row.partner_id !== partnerId ? undefined : appFromRows(connection, row);
    },
    async insertApp(app) {
      const { clientId, customers, secrets } = app;
      await connection.run(insertApp, appToRow(app));
      await connection.runMany(
        insertSecret,
        secrets.map((secret) => secretToRow(clientId, secret)),
      );
      await connection.runMany(
        insertAppCustomer,
        customers === 'all' ? [] : customers.map((customerId) => ({ clientId, customerId })),
      );
    },
    async deleteApp(clientId) {
      await connection.run(deleteSecrets, { clientId });
      await connection.run(deleteAppCustomers, { clientId });
      await connection.run(deleteApp, { clientId });
    },
  };
}

export function identityReads(connection: Connection): IdentityReads {
  return {
    async app(clientId) {
      const row = await connection.first(appOfId, { clientId });
      return row === undefined ? undefined : appFromRows(connection, row);
    },
    async appsOf(partnerId) {
      const rows = await connection.all(appsOfPartner, { partnerId });
      return Promise.all(rows.map((row) => appFromRows(connection, row)));
    },
  };
}

async function appFromRows(connection: Connection, row: AppRow): Promise<App> {
  const clientId = row.client_id;
  const customers = row.customer_scope === 'all' ? [] : await connection.all(customersOfApp, { clientId });
  const secrets = await connection.all(secretsOfApp, { clientId });
  return {
    clientId,
    partnerId: row.partner_id,
    name: row.name,
    permissions: JSON.parse(row.permissions) as Permission[],
    customers:
      row.customer_scope === 'all' ? 'all' : customers.map(({ customer_id }) => customer_id as CustomerId),
    revision: row.revision as Revision,
    createdAt: row.created_at,
    secrets: secrets.map(secretFromRow),
  };
}

function appToRow({ clientId, partnerId, name, permissions, customers, revision, createdAt }: App): AppRow {
  return {
    client_id: clientId,
    partner_id: partnerId,
    name,
    permissions: JSON.stringify(permissions),
    customer_scope: customers === 'all' ? 'all' : 'named',
    revision,
    created_at: createdAt,
  };
}

function secretToRow(
  clientId: string,
  { secretId, hash, lastFour, createdAt, expiresAt }: ClientSecret,
): SecretRow {
  return {
    client_id: clientId,
    secret_id: secretId,
    hash,
    last_four: lastFour,
    created_at: createdAt,
    expires_at: expiresAt,
  };
}

function secretFromRow({ secret_id, hash, last_four, created_at, expires_at }: SecretRow): ClientSecret {
  return { secretId: secret_id, hash, lastFour: last_four, createdAt: created_at, expiresAt: expires_at };
}
