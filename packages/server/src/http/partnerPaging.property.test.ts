/** Who collects pages until there are as many rows as the last one said has every customer once, whatever comes in between. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type CustomerServices, type PartnerCustomer, permissions } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { collected, partnerCustomers } from '../testing/partnerContract.ts';
import { sendAs } from '../testing/send.ts';
import { startTestServer } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const list = `${partnerCustomers}/batch`;
const services = `${partnerCustomers}/services/batch`;

/** In the order in which they came, which is not the one of their ids. */
const customers: string[] = [];
async function addCustomers(count: number): Promise<void> {
  for (let added = 0; added < count; added++) {
    const customerId = `${'zyxw'[customers.length % 4]}-${customers.length}`;
    customers.push(customerId);
    await send('POST', '/api/v1/customers', { body: { customerId } });
  }
}
await addCustomers(37);
const seen = customers.filter((_, index) => index % 3 === 0);
const named = await sendAs(
  server,
  await server.createApp({ permissions: [...permissions], customers: seen }),
);
const { groupId } = (await (await send('POST', '/api/v1/groups', { body: { name: 'group' } })).json()) as {
  groupId: number;
};
const join = (customerIds: readonly string[]) =>
  send('POST', `/api/v1/groups/${groupId}/customers`, { body: { customerIds } });
const leave = (customerIds: readonly string[]) =>
  send('POST', `/api/v1/groups/${groupId}/customers/remove`, { body: { customerIds } });
await join(seen);
const grouped = await sendAs(
  server,
  await server.createApp({ permissions: [...permissions], groups: [groupId] }),
);

const idOf = (row: CustomerServices | PartnerCustomer) => ('id' in row ? row.id : row.customerId);
const pageSize = fc.integer({ min: 1, max: 45 });
const path = fc.constantFrom(list, services);

describe('collecting pages', () => {
  test('of all customers has those that there were once each, in their order, and ends with all that there are', async () => {
    const added = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(path, pageSize, added, async (asked, size, comeBetween) => {
        const coming = [...comeBetween];
        const between = () => addCustomers(coming.shift() ?? 0);
        const rows = await collected<PartnerCustomer>(send, asked, { pageSize: size, between });
        // Those that came after the last page are not there, and nobody said that they are.
        assert.deepEqual(rows.map(idOf), customers.slice(0, rows.length));
        assert.ok(rows.length >= customers.length - 3);
      }),
      { numRuns: runs(25) },
    );
  });

  test('of a restricted scope has its customers once each, by id, while others come', async () => {
    const by = fc.constantFrom(named, grouped);
    await fc.assert(
      fc.asyncProperty(path, pageSize, by, async (asked, size, app) => {
        const between = () => addCustomers(1);
        const rows = await collected<PartnerCustomer>(app, asked, { pageSize: size, between });
        assert.deepEqual(rows.map(idOf), seen.toSorted());
      }),
      { numRuns: runs(15) },
    );
  });

  test('of a filter has those of its customers that there are once each, by id', async () => {
    const filter = fc.array(fc.oneof(fc.constantFrom(...seen), fc.string({ maxLength: 5 })), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(path, pageSize, filter, async (asked, size, customerIds) => {
        const body = { customerIds };
        const known = new Set(customerIds.filter((id) => seen.includes(id)));
        for (const app of [send, named]) {
          const rows = await collected<PartnerCustomer>(app, asked, { pageSize: size, body });
          assert.deepEqual(rows.map(idOf), [...known].toSorted());
        }
      }),
      { numRuns: runs(25) },
    );
  });

  test('ends also where the scope gains and loses customers between the pages', async () => {
    const others = customers.filter((id) => !seen.includes(id)).slice(0, 6);
    await fc.assert(
      fc.asyncProperty(path, fc.integer({ min: 1, max: 6 }), fc.boolean(), async (asked, size, gains) => {
        const change = gains ? [join, leave] : [leave, join];
        const between = async () => {
          const by = change.shift();
          if (by !== undefined) await by(gains ? others : seen.slice(0, 6));
        };
        const rows = await collected<PartnerCustomer>(grouped, asked, { pageSize: size, between });
        assert.ok(rows.length > 0);
        await join(seen);
        await leave(others);
      }),
      { numRuns: runs(8) },
    );
  });
});
