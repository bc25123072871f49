/** A list for which a whole estate is looked through holds nobody up, whatever it finds. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

/** So many that nobody has looked through them while a few other requests come and are answered. */
const customers = 60_000;

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\nada,2048,20\n');
const number = `with recursive number(n) as (select 1 union all select n + 1 from number where n < ${customers})`;
const id = `'customer-' || (1000000 + n)`;
await server.place.exec(`
  insert into customers ${number} select 1, ${id}, '', '', null, 0, '', 1, n + 1, 1 from number;
  insert into customer_groups values (1, 1000, 'all', 1, 1), (1, 1001, 'none', 1, 1);
  insert into group_members ${number} select 1, 1000, ${id} from number;
  insert into holdings ${number} select 1, ${id}, 40, 1000000, '[]', '[]', 0 from number;`);
const grouped = await server.createApp({ permissions: [...permissions], groups: [1000] });

const nothings = [
  ['of a customer group, none of whom has the product', server.admin, '?groupId=1000&productType=42&limit=1'],
  ['of an estate, before it had any seats', server.admin, '?asOfSequence=1&limit=1'],
  ['of an estate, none of which has so few seats', server.admin, '?availableBelow=-1&limit=1'],
  ['of the customers of a group, none of whom has the product', grouped, '?productType=42&limit=1'],
  ['of the customers of a group, none of whom is in another', grouped, '?groupId=1001'],
] as const;

describe('a list that finds nothing', () => {
  for (const [what, app, query] of nothings) {
    test(`${what}, is answered after what was asked since`, async () => {
      const [send, list] = await Promise.all([sendAs(server, server.admin), sendAs(server, app)]);
      const seat = '/partner/external/v3/general/customers/ada/avpt-products/type/2048/overview';
      // The rights of both are known then, and connections open.
      await Promise.all([
        send('GET', seat).then((answer) => answer.text()),
        list('GET', '/api/v1/seats?customerId=nobody').then((answer) => answer.text()),
      ]);
      const order: string[] = [];
      const listed = list('GET', `/api/v1/seats${query}`).then(async (answer) => {
        order.push('list');
        return { status: answer.status, body: await answer.text() };
      });
      for (let asked = 0; asked < 3; asked++) {
        const answer = await send('GET', seat);
        assert.deepEqual(await answer.json(), { productType: 2048, availableUserSeat: 20 });
        order.push('seats');
      }
      const { status, body } = await listed;
      assert.deepEqual(order, ['seats', 'seats', 'seats', 'list']);
      if (status !== 404) assert.deepEqual((JSON.parse(body) as { data: object[] }).data, []);
    });
  }
});
