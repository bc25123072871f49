/**
 * What a caller may not see cannot be told from what is not there: each operation is asked for something of another partner, or outside
 * of the caller's customer scope, and for something that nobody has. Both answer alike, show nothing and change nothing.
 */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { type NewAppRegistration, operations, permissions, type RecordHead } from '@seatledger/contract';
import { comparable } from '../testing/answers.ts';
import { openStream } from '../testing/eventStream.ts';
import {
  any,
  type Asked,
  held,
  type Named,
  type OperationId,
  type Row,
  requestsFor,
} from '../testing/namedRequests.ts';
import { sendAs, type SendOptions } from '../testing/send.ts';
import { startTestServer, type TestApp } from '../testing/server.ts';

/** Operations that may succeed: for another partner what is named is not named yet, or nothing is. */
const mayMake: ReadonlySet<string> = new Set<OperationId>([
  'addPool',
  'createBackup',
  'createCustomer',
  'createGroup',
  'importLines',
  'onboardCustomer',
]);

const server = await startTestServer();
after(() => server.stop());
const admin = await sendAs(server, server.admin);
// What the other partner has is of the same kinds, and its ids are smaller than any that is named below.
await server.importCsv('customerId,productType,seats\ncontoso,2048,5\n', server.otherAdmin);
await server.importCsv(
  `customerId,productType,seats\ncontoso,2048,25\nfabrikam-marked,2048,25\n${Array.from({ length: 100 }, (_, index) => `c${index},2048,1\n`).join('')}`,
);

const there = await makeEverything();
const notThere: Named = {
  customerId: 'nobody-anywhere',
  tenantId: 'nothing-there1',
  lineId: 987,
  poolId: 986,
  groupId: 985,
  clientId: randomUUID(),
  credentialId: randomUUID(),
  user: 'absent-user@example.org',
  userId: randomUUID(),
};

/** Something of every kind, around one customer; everything in it that can be read is marked. */
async function makeEverything(): Promise<Named> {
  const customerId = 'fabrikam-marked';
  const tenantId = 'tenant-marked1';
  const path = `/api/v1/customers/${customerId}`;
  async function make<Body>(method: string, url: string, options: SendOptions): Promise<Body> {
    const answer = await admin(method, url, options);
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return JSON.parse(text) as Body;
  }
  await make('PATCH', path, {
    body: { organization: 'Fabrikam marked', ownerEmail: 'marked@example.org' },
    ...any,
  });
  await make('PUT', `${path}/tenants/${tenantId}`, {
    body: { type: 0, name: 'marked', availableSeats: 3, assignedSeats: 2 },
    ...any,
  });
  const { groupId } = await make<{ groupId: number }>('POST', '/api/v1/groups', {
    body: { name: 'marked group' },
  });
  await make('POST', `/api/v1/groups/${groupId}/customers`, { body: { customerIds: [customerId] } });
  const { poolId } = await make<{ poolId: number }>('POST', '/api/v1/pools', {
    body: { resource: 'Office365Backup', seats: 77, source: 'marked pool' },
  });
  const { lineId } = await make<{ lineId: number }>('POST', `${path}/lines`, {
    body: { resource: 'Office365Backup', seats: 7, externalId: 'marked line', poolId },
  });
  const user = 'marked-user@example.org';
  await make('POST', `${path}/assignments`, { body: { productType: 2048, users: [user] } });
  const assigned = await make<{ data: { userId: string }[] }>('GET', `${path}/assignments`, {});
  const made = await make<{ clientId: string; credentials: { id: string }[] }>('POST', '/api/v1/apps', {
    body: { name: 'marked app', permissions: held },
  });
  const credentialId = made.credentials[0]?.id;
  const userId = assigned.data[0]?.userId;
  assert.ok(credentialId && userId);
  return {
    customerId,
    tenantId,
    groupId,
    poolId,
    lineId,
    user,
    userId,
    clientId: made.clientId,
    credentialId,
  };
}

const ofScope = (scope: Partial<NewAppRegistration>) =>
  server.createApp({ permissions: [...permissions], ...scope });
const { groupId: retail } = (await (
  await admin('POST', '/api/v1/groups', { body: { name: 'Retail' } })
).json()) as { groupId: number };
await admin('POST', `/api/v1/groups/${retail}/customers`, { body: { customerIds: ['contoso'] } });

const callers: readonly (readonly [who: string, caller: TestApp])[] = [
  ['an app of another partner that sees all of its customers', server.otherAdmin],
  ['an app that sees a named customer', await ofScope({ customers: ['contoso'] })],
  ['an app that sees the customers of a group', await ofScope({ groups: [retail] })],
];

const headPath = '/api/v1/events/head';
/** What the partner has: every change of it moves the head of its record. */
async function headOfPartner(): Promise<unknown> {
  return (await admin('GET', headPath)).json();
}

/** The answer without what tells it apart though nothing is told by it: the names that the caller gave itself, and when it was given. */
async function told(answer: Response): Promise<string> {
  let text = JSON.stringify(await comparable(answer)).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT');
  for (const named of [there, notThere]) {
    for (const [name, value] of Object.entries(named)) text = text.replaceAll(String(value), name);
  }
  return text;
}

test('every operation has its row', () => {
  assert.deepEqual(Object.keys(requestsFor).toSorted(), Object.keys(operations).toSorted());
});

for (const [who, caller] of callers) {
  describe(`to ${who}, what it may not see is as what is not there`, () => {
    test('by streamEvents', async () => {
      const { sequence } = (await (await server.request(headPath, { as: caller })).json()) as RecordHead;
      const stream = await openStream(server.url, { token: await server.token(caller), query: '?after=0' });
      while (stream.lastId !== sequence) assert.doesNotMatch(JSON.stringify(await stream.next()), /marked/i);
      stream.close();
    });
    // What makes something comes last: the others look for what is not there.
    const inOrder = (Object.entries(requestsFor) as [OperationId, Row][]).toSorted(
      ([one], [other]) => Number(mayMake.has(one)) - Number(mayMake.has(other)),
    );
    for (const [id, row] of inOrder) {
      if (typeof row === 'string') continue;
      test(`by ${id}`, async () => {
        const { method } = operations[id];
        const send = await sendAs(server, caller);
        const before = await headOfPartner();
        for (const [index, asked] of row(there).entries()) {
          const unseen = await send(method, asked.path, asked);
          const shows = await unseen.clone().text();
          const status = unseen.status;
          const ofUnseen = await told(unseen);
          const other: Asked | undefined = row(notThere)[index];
          assert.ok(other);
          const missing = await send(method, other.path, other);
          assert.equal(missing.status, status, `${asked.path}: ${shows}`);
          // What is made has an id of its own.
          if (!missing.ok || !mayMake.has(id)) assert.equal(ofUnseen, await told(missing));
          assert.doesNotMatch(ofUnseen, /marked/i);
        }
        assert.deepEqual(await headOfPartner(), before);
      });
    }
  });
}

describe('what is open to everybody shows nothing of any partner', () => {
  for (const [id, row] of Object.entries(requestsFor) as [OperationId, Row][]) {
    if (row !== 'open') continue;
    test(`by ${id}`, async () => {
      const path = operations[id].path.replace('{code}', 'customer_not_found');
      const text = await (await fetch(`${server.url}${path}`)).text();
      assert.doesNotMatch(text, /marked/i);
      assert.equal(text.includes(there.clientId), false);
    });
  }
});

describe('a token of another is told nothing of', () => {
  const ask = async (path: string, by: TestApp, token: string) => {
    const form = { client_id: by.clientId, client_secret: by.clientSecret, token };
    return fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  };
  for (const [who, caller] of callers) {
    test(`by introspectToken to ${who}`, async () => {
      const token = await server.token(server.admin);
      const [foreign, none] = [
        await ask('/connect/introspect', caller, token),
        await ask('/connect/introspect', caller, 'no token'),
      ];
      assert.deepEqual(await foreign.json(), { active: false });
      assert.deepEqual(await none.json(), { active: false });
    });

    test(`and not ended by revokeToken of ${who}`, async () => {
      const token = await server.token(server.admin);
      assert.equal((await ask('/connect/revocation', caller, token)).status, 400);
      const still = await fetch(`${server.url}/api/v1/apps`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(still.status, 200);
    });
  }
});
