import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { customer, productType } from '../testing/identity.ts';
import { openTestStore, someDay } from '../testing/store.ts';
import { readSeats } from './readSeats.ts';

const store = await openTestStore();
after(() => store.close());

const holding = { customerId: customer('ada'), productType: productType(2048) };
/** What a process answers whose clock is a minute behind that of the one that makes changes. */
async function answeredBehind() {
  const seats = readSeats(store.reads, { now: () => someDay - 60_000 });
  const answer = await seats.get(store.partnerId, holding.customerId, holding.productType);
  return answer.known && answer.seats.purchased;
}

test('a line that begins or ends now is there or gone at once, also for a process whose clock is behind', async () => {
  await store.make('customer.create', { customerId: holding.customerId, facts: {} });
  assert.equal(await answeredBehind(), 0);
  const { lineId } = await store.make('line.add', {
    ...holding,
    resource: 'Office365Backup',
    seats: 5,
    startsAt: null,
    expiresAt: null,
    source: null,
    externalId: null,
    licenceType: 'enterprise',
    details: {},
    poolId: null,
  });
  assert.equal(await answeredBehind(), 5);
  const which = { customerId: holding.customerId, lineId, expected: 'any', mayGrant: true } as const;
  await store.make('line.end', which, { now: someDay + 1000 });
  assert.equal(await answeredBehind(), 0);
});
