/** History, difference and as-of reads are one truth, told in three ways. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CustomerSeats, ProductSeats, SeatDifference, SeatPoint, SeatsPage } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../../testing/campaign.ts';
import { startTestServer } from '../../testing/server.ts';

const minute = 60_000;
const server = await startTestServer();
after(() => server.stop());

async function read(path: string): Promise<string> {
  const answer = await server.request(`/api/v1/${path}`, { as: server.admin });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text;
}
const readLines = async <Row>(path: string) =>
  (await read(path))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);

async function post(path: string, body: object): Promise<Response> {
  return server.request(`/api/v1/customers/${path}`, {
    as: server.admin,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

type Step =
  | { readonly kind: 'line'; readonly seats: number; readonly start: number; readonly minutes: number | null }
  | { readonly kind: 'assign' | 'release'; readonly users: readonly string[] }
  | { readonly kind: 'wait'; readonly minutes: number };

/** Lines may be backdated, and may begin and end while the steps go on. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('line' as const),
    seats: fc.nat({ max: 5 }),
    start: fc.integer({ min: -15, max: 15 }),
    minutes: fc.option(fc.integer({ min: 1, max: 20 })),
  }),
  fc.record({
    kind: fc.constantFrom('assign' as const, 'release' as const),
    users: fc.array(fc.constantFrom('ada', 'bob', 'eve', 'joe'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 10 }) }),
);

let customers = 0;
async function take(customerId: string, taken: Step, instants: Set<number>): Promise<void> {
  if (taken.kind === 'wait') {
    server.setNow(server.now() + taken.minutes * minute);
  } else if (taken.kind === 'line') {
    const startsAt = server.now() + taken.start * minute;
    const expiresAt = taken.minutes === null ? null : startsAt + taken.minutes * minute;
    for (const at of [startsAt, expiresAt ?? startsAt]) instants.add(at).add(at - 1);
    const [begins, ends] = [startsAt, expiresAt].map((at) =>
      at === null ? null : new Date(at).toISOString(),
    );
    const { seats } = taken;
    const body = { productType: 2048, seats, startsAt: begins, expiresAt: ends };
    assert.equal((await post(`${customerId}/lines`, body)).status, 201);
  } else {
    const rest = taken.kind === 'assign' ? '' : '/release';
    const answer = await post(`${customerId}/assignments${rest}`, { productType: 2048, users: taken.users });
    assert.ok(answer.status === 200 || answer.status === 409);
  }
  // What is recorded within one millisecond is one instant.
  server.setNow(server.now() + 2);
  instants.add(server.now());
}

type Count = Pick<ProductSeats, 'assigned' | 'available' | 'purchased'>;
const none: Count = { purchased: 0, assigned: 0, available: 0 };
const countOf = ({ purchased, assigned, available }: Count): Count => ({ purchased, assigned, available });
const isSame = (one: Count, other: Count) =>
  one.purchased === other.purchased && one.assigned === other.assigned;
const ascending = (one: number, other: number) => one - other;
const iso = (at: number) => new Date(at).toISOString();

function countAt(points: readonly SeatPoint[], at: number): Count {
  const point = points.findLast((candidate) => Date.parse(candidate.at) <= at);
  assert.ok(point);
  return countOf(point);
}

test('for any changes and any passing of time, the history at an instant is the as-of read, and a difference is after less before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 10 }),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 0, max: 99 }),
      async (steps, one, other) => {
        const customerId = `customer-${(customers += 1)}`;
        const beginsAt = server.now();
        assert.equal((await post('', { customerId })).status, 201);
        server.setNow(server.now() + 2);
        const named = new Set([server.now()]);
        for (const taken of steps) await take(customerId, taken, named);
        const seats = `customers/${customerId}/seats/2048`;
        const until = server.now() + 30 * minute;

        const points = await readLines<SeatPoint>(`${seats}/history?to=${iso(until)}`);
        for (const { at } of points) named.add(Date.parse(at)).add(Date.parse(at) - 1);
        const instants = [...named, until].filter((at) => at >= beginsAt && at <= until).toSorted(ascending);
        for (const at of instants) {
          const asOf = JSON.parse(await read(`${seats}?asOf=${iso(at)}`)) as CustomerSeats;
          assert.deepEqual(countAt(points, at), countOf(asOf), iso(at));
        }
        for (const [index, point] of points.entries()) {
          const before = points[index - 1];
          assert.ok(before === undefined || (before.at <= point.at && !isSame(before, point)));
        }

        const [from = beginsAt, to = until] = [one, other]
          .map((choice) => instants[choice % instants.length] ?? until)
          .toSorted(ascending);
        const [before, now] = await Promise.all(
          [from, to].map(async (at) => {
            const page = await read(`seats?customerId=${customerId}&asOf=${iso(at)}`);
            const [row] = (JSON.parse(page) as SeatsPage).data;
            return row === undefined ? none : countOf(row);
          }),
        );
        assert.ok(before && now);
        const period = `from=${iso(from)}&to=${iso(to)}`;
        const rows = await readLines<SeatDifference>(`seats/diff?${period}&customerId=${customerId}`);
        assert.equal(rows.length, isSame(before, now) ? 0 : 1);
        for (const row of rows) {
          assert.deepEqual([row.before, row.after], [before, now]);
          assert.deepEqual(row.change, {
            purchased: now.purchased - before.purchased,
            assigned: now.assigned - before.assigned,
            available: now.available - before.available,
          });
          const [, ...causes] = await readLines<SeatPoint>(`${seats}/history?${period}`);
          assert.deepEqual(row.causes, causes);
          assert.equal(row.causeCount, causes.length);
        }
      },
    ),
    { numRuns: runs(15) },
  );
});
