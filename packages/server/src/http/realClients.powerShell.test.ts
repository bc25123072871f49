/** Every way in which the PowerShell module of the partner API is known to break, on this server. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { startBareServer } from '../testing/bareServer.ts';
import { partnerCustomers } from '../testing/partnerContract.ts';
import { commonBundle, type PowerShellClient, powerShellClient } from '../testing/powerShellClient.ts';
import { sendAs } from '../testing/send.ts';
import { startTestServer, type TestApp } from '../testing/server.ts';
import { createRateLimit } from './rateLimit.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
for (const customerId of ['a', 'b', 'c', 'd', 'e'])
  await send('POST', '/api/v1/customers', { body: { customerId } });
await send('PUT', '/api/v1/customers/a/tenants/t1', {
  body: { type: 0, name: 't', availableSeats: 1, assignedSeats: 2 },
  headers: { 'if-match': '*' },
});
const app = await server.createApp({ permissions: [...commonBundle] });

async function askToken({ clientId, clientSecret }: TestApp, scope: string): Promise<Response> {
  const form = { client_id: clientId, client_secret: clientSecret, scope, grant_type: 'client_credentials' };
  return fetch(`${server.url}/connect/token`, { method: 'POST', body: new URLSearchParams(form) });
}
interface Token {
  readonly access_token: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly token_type: string;
}
const tokenOf = async (by: TestApp, scope: string) => (await (await askToken(by, scope)).json()) as Token;
const bundle = commonBundle.join(' ');
const clientOf = (onPage?: () => Promise<unknown>) =>
  powerShellClient(server.url, {
    getToken: async () => (await tokenOf(app, bundle)).access_token,
    ...(onPage === undefined ? {} : { onPage }),
  });
const idsOf = (rows: readonly unknown[]) => rows.map((row) => (row as { id: string }).id);

describe('the PowerShell module', () => {
  test('gets one token for the seven scopes of its Common bundle, which every seat cmdlet asks for', async () => {
    const token = await tokenOf(app, bundle);
    assert.deepEqual(token.scope.split(' ').toSorted(), commonBundle.toSorted());
    assert.deepEqual([token.token_type, token.expires_in], ['Bearer', 3600]);
  });

  test('gets one token for every scope that there is, far beyond the 300 characters that production takes', async () => {
    const all = permissions.filter((name) => name.startsWith('elements.'));
    const scope = all.join(' ');
    assert.ok(scope.length > 300);
    assert.equal((await askToken(await server.createApp({ permissions: all }), scope)).status, 200);
  });

  test('is told invalid_scope for the bundle where its app holds a part of it', async () => {
    const partly = await server.createApp({ permissions: ['elements.license.read.all'] });
    const answer = await askToken(partly, bundle);
    assert.equal(answer.status, 400);
    assert.equal(((await answer.json()) as { error: string }).error, 'invalid_scope');
  });

  test('keeps a token for longer than the five minutes before its end at which it gets another', async () => {
    assert.ok((await tokenOf(app, bundle)).expires_in > 300);
  });

  test('sends {"customerIds": null} for no filter', async () => {
    const client = clientOf();
    for (const path of [`${partnerCustomers}/batch`, `${partnerCustomers}/services/batch`])
      assert.equal((await client.all(path, { body: { customerIds: null }, pageSize: 50 })).length, 5);
    const one = await client.all(`${partnerCustomers}/batch`, { body: { customerIds: ['b'] }, pageSize: 50 });
    assert.deepEqual(idsOf(one), ['b']);
  });

  test('sends {"tenantIds": null} for no filter', async () => {
    const path = `${partnerCustomers}/a/3rd-party-products/type/0/tenants/batch`;
    assert.equal((await clientOf().all(path, { body: { tenantIds: null }, pageSize: 50 })).length, 1);
  });

  test('sends the body literal null with GET', async () => {
    const seats = await clientOf().invoke(
      'GET',
      `${partnerCustomers}/a/avpt-products/type/2048/overview`,
      null,
    );
    assert.deepEqual(seats, { productType: 2048, availableUserSeat: 0 });
  });

  test('gets a new token on 401, and is answered then', async () => {
    const [ended, good] = [await tokenOf(app, bundle), await tokenOf(app, bundle)];
    const form = {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      token: ended.access_token,
    };
    await fetch(`${server.url}/connect/revocation`, { method: 'POST', body: new URLSearchParams(form) });
    const tokens = [ended, good];
    const client = powerShellClient(server.url, {
      getToken: async () => (tokens.shift() ?? assert.fail('it asks for a third token')).access_token,
    });
    await client.invoke('POST', `${partnerCustomers}/batch`, {});
    // A 401 does not say when to come back, so it waited as long as it does by itself.
    assert.deepEqual([tokens.length, client.slept], [0, [2]]);
  });

  test('ends its loop over pages, which an empty page does not end', async () => {
    for (const pageSize of [1, 2, 4, 5, 6]) {
      const rows = await clientOf().all(`${partnerCustomers}/batch`, { body: {}, pageSize });
      assert.deepEqual(idsOf(rows).slice(0, 5), ['a', 'b', 'c', 'd', 'e']);
    }
    const none = await clientOf().all(`${partnerCustomers}/batch`, {
      body: { customerIds: ['nobody'] },
      pageSize: 1,
    });
    assert.deepEqual(none, []);
  });

  test('ends its loop, with every customer once, also while customers are added between its pages', async () => {
    let added = 0;
    const client = clientOf(async () => {
      if (added < 5) await send('POST', '/api/v1/customers', { body: { customerId: `A${(added += 1)}` } });
    });
    const ids = idsOf(await client.all(`${partnerCustomers}/batch`, { body: {}, pageSize: 2 }));
    // The third page had 6 of 7, and the fourth 8 of 8.
    assert.deepEqual(ids, ['a', 'b', 'c', 'd', 'e', 'a1', 'a2', 'a3']);
  });

  test('shows the message at the top level of an error', async () => {
    await assert.rejects(
      clientOf().invoke('GET', `${partnerCustomers}/nobody/avpt-products/type/2048/overview`, null),
      /^Error: 404: There is no such customer\.$/,
    );
    await assert.rejects(
      clientOf().invoke('POST', `${partnerCustomers}/nobody/services`, {}),
      /^Error: 400: /,
    );
  });
});

describe('the retries of the PowerShell module', () => {
  const customer = {
    firstName: 'Ada',
    lastName: 'Byron',
    organizationName: 'Contoso',
    registrationAccount: 'owner@contoso.example',
    password: 'P@ssw0rd',
    countryCode: 'NL',
    dataCenter: '7b9835ec-7299-4177-85e3-ba5cb3b2e0411',
    managementMode: true,
  };
  const twice = async (client: PowerShellClient, path: string, body: unknown) => [
    await client.invoke('POST', path, body),
    await client.invoke('POST', path, body),
  ];

  test('onboard a customer once', async () => {
    const [first, again] = await twice(clientOf(), partnerCustomers, customer);
    assert.deepEqual((first as { status: number }).status, 1);
    assert.deepEqual(again, { status: 7, id: '' });
  });

  test('add a service once, with the storage that the module demands for any product', async () => {
    const body = {
      product: 40,
      licenseType: 0,
      avepointStorageType: 0,
      retentionYear: 1,
      byos: false,
    };
    const statuses = (await twice(clientOf(), `${partnerCustomers}/a/services`, body)).map(
      (answer) => (answer as { status: number }).status,
    );
    assert.deepEqual(statuses, [1, 12]);
  });

  test('wait for whole seconds after 429', async () => {
    let now = 0;
    const rateLimit = createRateLimit({ perSecond: 1, monotonicMs: () => now });
    const limited = await startBareServer({ rateLimit });
    try {
      const client = powerShellClient(limited.url, { getToken: async () => 'app' });
      for (let sent = 0; sent < 2; sent++) await client.invoke('GET', '/guarded');
      await assert.rejects(client.invoke('GET', '/guarded'), /^Error: 429: /);
      assert.deepEqual(client.slept, [1, 1, 1]);
      now += 1000;
      await client.invoke('GET', '/guarded');
    } finally {
      await limited.stop();
    }
  });

  test('wait for whole seconds after 503, and are answered then', async () => {
    let refusals = 2;
    const caller = {
      clientId: 'app',
      partnerId: 1,
      customers: 'all',
      revision: '2025-09-26',
      may: () => true,
    };
    const away = await startBareServer({
      authenticate: () =>
        refusals-- > 0
          ? { refused: 'rights_unverified', cause: new Error('nothing is read') }
          : { caller: caller as never },
    });
    try {
      const client = powerShellClient(away.url, { getToken: async () => 'app' });
      await client.invoke('GET', '/guarded');
      assert.deepEqual(client.slept, [1, 1]);
    } finally {
      await away.stop();
    }
  });
});
