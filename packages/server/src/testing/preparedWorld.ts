/** One of everything that a path or a form of an operation can name, made anew for whoever wants to change or end it. */

import assert from 'node:assert/strict';
import { type Send, sendAs } from './send.ts';
import { type TestServer, withSecret } from './server.ts';

/** Values by the names of the parameters and form fields that take them. */
export type World = Readonly<Record<string, string>>;

export interface Worlds {
  /** Sends as the app that prepares, which may do everything. */
  readonly send: Send;
  /** A world of its own. */
  next(): Promise<World>;
}

/** What the examples of bodies name is there once, beside the worlds. */
export async function prepareWorlds(server: TestServer): Promise<Worlds> {
  await server.importCsv('customerId,productType,seats\ncontoso,2048,25\nfabrikam,2048,30\n');
  const send = await sendAs(server, server.admin);
  const make = async (method: string, path: string, body: object, headers = {}) => {
    const answer = await send(method, path, { body, headers });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${text}`);
    return JSON.parse(text);
  };
  let count = 0;

  return {
    send,
    async next() {
      const name = `world-${++count}`;
      const customer = `/api/v1/customers/${name}`;
      await make('POST', '/api/v1/customers', { customerId: name });
      const tenant = { type: 0, name: 'Customer A', availableSeats: 5, assignedSeats: 20 };
      await make('PUT', `${customer}/tenants/${name}.example`, tenant, { 'if-match': '*' });
      const line = await make('POST', `${customer}/lines`, { productType: 2048, seats: 25 });
      await make('POST', `${customer}/assignments`, { productType: 2048, users: ['ada@contoso.example'] });
      const group = await make('POST', '/api/v1/groups', { name });
      await make('POST', `/api/v1/groups/${group.groupId}/customers`, { customerIds: [name] });
      const pool = await make('POST', '/api/v1/pools', { resource: 'Office365Backup', seats: 500 });
      const permissions = ['elements.license.read.all', 'seatledger.read'];
      const app = withSecret(await make('POST', '/api/v1/apps', { name, permissions }));
      return {
        customerId: name,
        productType: '2048',
        tenantId: `${name}.example`,
        lineId: String(line.lineId),
        groupId: String(group.groupId),
        poolId: String(pool.poolId),
        clientId: app.clientId,
        credentialId: app.credentials[0].id,
        code: 'customer_not_found',
        client_id: app.clientId,
        client_secret: app.clientSecret,
        token: await server.token(app),
      };
    },
  };
}
