/** A clock that is set back: instants of the record never decrease, terms go by the clock, and tokens stay good. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { EventsPage, SubscriptionLine } from '@seatledger/contract';
import { clockLooks } from './clockWatch.ts';
import { sendAs } from './testing/send.ts';
import { startTestServer } from './testing/server.ts';

const hourMs = 3_600_000;
const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\n');
const send = await sendAs(server, server.admin);
const purchased = async () => {
  // With a token of the moment: one lives for an hour.
  const answer = await server.request('/api/v1/customers/contoso/seats/2048', { as: server.admin });
  return ((await answer.json()) as { purchased: number }).purchased;
};

test('a clock that is set back unsays nothing: instants stay, terms wait, tokens are good', async () => {
  const start = server.now();
  // A line that begins in two hours, and a change at an instant of the future.
  const startsAt = new Date(start + 2 * hourMs).toISOString();
  const body = { productType: 2048, seats: 5, startsAt };
  assert.equal((await send('POST', '/api/v1/customers/contoso/lines', { body })).status, 201);
  server.setNow(start + hourMs / 2);
  const made = await send('POST', '/api/v1/customers/contoso/lines', {
    body: { productType: 2048, seats: 1 },
  });
  assert.equal(made.status, 201);
  assert.equal(await purchased(), 26);

  server.setNow(start - hourMs);
  // What was acknowledged is answered still: the record is never looked at before its last change.
  assert.equal(await purchased(), 26);
  const again = await send('POST', '/api/v1/customers/contoso/lines', {
    body: { productType: 2048, seats: 1 },
  });
  assert.equal(again.status, 201);
  const { lineId } = (await again.json()) as SubscriptionLine;
  assert.equal(await purchased(), 27);
  // A token that is given now, and the one of before.
  const fresh = await sendAs(server, server.admin);
  assert.equal((await fresh('GET', '/api/v1/events/head')).status, 200);
  const events = (await (await send('GET', '/api/v1/events?limit=1000')).json()) as EventsPage;
  const instants = events.data.map(({ recordedAt }) => recordedAt);
  assert.deepEqual(instants, instants.toSorted());
  assert.ok(events.data.some(({ sequence }) => sequence === lineId));

  // The line of the future begins when the clock says so, however it got there.
  server.setNow(start + 2 * hourMs - 60_000);
  assert.equal(await purchased(), 27);
  server.setNow(start + 2 * hourMs);
  assert.equal(await purchased(), 32);
  // Terms follow the clock back too, as far as the last change.
  server.setNow(start + hourMs);
  assert.equal(await purchased(), 27);
});

test('each time that the clock goes back is told once, and a second of adjusting is not', () => {
  let [now, monotonic] = [1_000_000, 0];
  const told: number[] = [];
  const look = clockLooks({
    clock: { now: () => now },
    monotonicMs: () => monotonic,
    onSetBack: (byMs) => told.push(byMs),
  });
  function pass(ms: number, stepMs = 0): void {
    monotonic += ms;
    now += ms + stepMs;
    look();
  }
  pass(10_000);
  pass(10_000, -900);
  pass(10_000, 900);
  assert.deepEqual(told, []);
  pass(10_000, -3_600_000);
  pass(10_000);
  pass(10_000);
  assert.deepEqual(told, [3_600_000]);
  pass(10_000, 3_600_000);
  pass(10_000, -5000);
  assert.deepEqual(told, [3_600_000, 5000]);
  // A little at each look comes to much.
  for (let time = 0; time < 5; time++) pass(10_000, -300);
  assert.deepEqual(told, [3_600_000, 5000, 1200]);
});
