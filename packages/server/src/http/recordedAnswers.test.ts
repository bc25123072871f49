/**
 * What production answered on 2025-12-12, and what this server answers once it knows the same. Where the two differ, the difference is
 * written down here; everything else is compared member by member, in the order in which it came.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { resourceNamed } from '@seatledger/contract';
import { batch, partnerCustomers } from '../testing/partnerContract.ts';
import { sendAs } from '../testing/send.ts';
import { startTestServer } from '../testing/server.ts';

type Product = Readonly<Record<string, string>>;
interface Recorded {
  readonly customersBatch: {
    readonly data: readonly {
      readonly id: string;
      readonly tenants: readonly { readonly id: string; readonly name: string }[];
    }[];
  };
  readonly servicesBatch: {
    readonly data: readonly { readonly customerId: string; readonly products: readonly Product[] }[];
  };
}
const file = new URL('../../../../samples/recorded/production-2025-12-12.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
/** The recorded terms are past. They are looked at with as many years added as make them begin next year. */
const yearsLater = new Date(server.now()).getUTCFullYear() + 1 - 2026;

/**
 * The first difference: production writes its dates as `03-14-2026T12:00:00Z`, which is taken for midnight by a clock of 12 hours with
 * the month before the day. Its own page has ISO 8601, and so have we.
 */
function dateOf(recordedDate = ''): string {
  const [, month, day, year] = /^(\d\d)-(\d\d)-(\d{4})T12:00:00Z$/.exec(recordedDate) ?? [];
  assert.ok(year, recordedDate);
  return `${Number(year) + yearsLater}-${month}-${day}T00:00:00Z`;
}

const { service: _, ...details } = recorded.servicesBatch.data[0]?.products[0] ?? {};
const detailNames = Object.keys(details).filter(
  (name) => !['expirationDate', 'purchasedUnits', 'purchasedUserSeats', 'source'].includes(name),
);

async function make(method: string, path: string, body: unknown): Promise<void> {
  const answer = await send(method, path, { body, headers: { 'if-match': '*' } });
  assert.ok(answer.ok, await answer.text());
}

for (const { id: customerId, tenants, ...facts } of recorded.customersBatch.data) {
  await make('POST', '/api/v1/customers', { customerId, ...facts });
  const path = `/api/v1/customers/${customerId}`;
  for (const { id, name } of tenants)
    await make('PUT', `${path}/tenants/${id}`, { type: 0, name, availableSeats: 0, assignedSeats: 0 });
}
for (const { customerId, products } of recorded.servicesBatch.data) {
  for (const product of products) {
    const known = detailNames.filter((name) => product[name] !== 'N/A');
    const [seats] = [product['purchasedUserSeats'], product['purchasedUnits']].filter(
      (text) => text !== 'N/A',
    );
    await make('POST', `/api/v1/customers/${customerId}/lines`, {
      resource: resourceNamed(product['service'] ?? '')?.id,
      seats: Number(seats ?? 0),
      expiresAt: dateOf(product['expirationDate']),
      source: product['source'],
      details: Object.fromEntries(known.map((name) => [name, product[name]])),
    });
  }
}

/** The second difference: of lists, only the two first entries were recorded, without their envelope. */
const metadata = { pageIndex: 1, pageSize: 50, totalCount: 2 };

describe('the answer of production is the answer of this server', () => {
  test('to customers/batch, to the byte', async () => {
    const answer = await send('POST', `${partnerCustomers}/batch`);
    assert.equal(await answer.text(), JSON.stringify({ data: recorded.customersBatch.data, metadata }));
  });

  test('to services/batch, to the byte but for its dates', async () => {
    const answer = await send('POST', `${partnerCustomers}/services/batch`);
    const data = recorded.servicesBatch.data.map(({ products, ...customer }) => ({
      ...customer,
      products: products.map((product) => ({
        ...product,
        expirationDate: dateOf(product['expirationDate']),
      })),
    }));
    assert.equal(await answer.text(), JSON.stringify({ data, metadata }));
  });

  test('to services/batch with 21 products, so that none of them was lost on the way', async () => {
    const { data } = await batch<{ products: unknown[] }>(send, `${partnerCustomers}/services/batch`);
    assert.equal(data.flatMap(({ products }) => products).length, 21);
  });
});
