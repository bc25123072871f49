/** Many who add services at the same time: a pool is never oversold, and what is asked for twice is granted once. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CustomerId, ServiceOutcome } from '@seatledger/contract';
import fc from 'fast-check';
import type { ChangeKind, ChangeOrder } from '../changes.ts';
import { type OpenLedger, openLedger, systemClock } from '../openLedger.ts';
import { runs } from '../testing/campaign.ts';
import { customer, productType } from '../testing/identity.ts';
import { openTestPlace, type TestPlace } from '../testing/place.ts';
import { verifyStore } from '../verifyStore.ts';
import { readWhole } from '../wholeStore.ts';

const backup = productType(2048);
const resources = ['Office365Backup', 'Office365PPBackup', 'Office365EXODBackup'] as const;
const endsAt = Date.now() + 365 * 86_400_000;
let place: TestPlace;
/** Two doors to one store where there can be two. */
let ledgers: readonly OpenLedger[];
let partnerId: number;
let made = 0;

before(async () => {
  place = await openTestPlace();
  const opening = {
    clock: systemClock,
    create: true,
    onWriterDeath(error: Error) {
      throw error;
    },
  };
  const doors = place.place.kind === 'folder' ? 1 : 2;
  ledgers = await Promise.all(Array.from({ length: doors }, () => openLedger(place.place, opening)));
  partnerId = 0;
});
after(async () => {
  for (const ledger of ledgers) await ledger.close();
  await place.remove();
});

function make<Kind extends ChangeKind>(writer: number, kind: Kind, input: ChangeOrder<Kind>['input']) {
  const ledger = ledgers[writer % ledgers.length];
  assert.ok(ledger);
  return ledger.make({ kind, input, partnerId, actor: 'test', reason: null, now: Date.now() });
}

/** Pools are taken by resource, so what looks at them has a partner of its own. */
async function freshPartner(customers: number): Promise<readonly CustomerId[]> {
  partnerId = 0;
  ({ partnerId } = await make(0, 'partner.create', { name: `partner ${(made += 1)}` }));
  const ids = Array.from({ length: customers }, (_, number) => customer(`customer-${number}`));
  for (const customerId of ids) await make(0, 'customer.create', { customerId, facts: {} });
  return ids;
}

interface Wish {
  readonly customer: number;
  /** One service of each resource that is named, of so many seats. */
  readonly resources: readonly (typeof resources)[number][];
  readonly seats: number;
  readonly expiresAt: number | 'as_pool';
}
const wish: fc.Arbitrary<Wish> = fc.record({
  customer: fc.nat({ max: 5 }),
  resources: fc.uniqueArray(fc.constantFrom(...resources), { minLength: 1 }),
  seats: fc.integer({ min: 1, max: 4 }),
  expiresAt: fc.constantFrom('as_pool' as const, endsAt),
});
/** The seats of each resource's pools; each has its own, and they are few. */
const poolSeats = fc.tuple(...resources.map(() => fc.array(fc.nat({ max: 8 }), { maxLength: 2 })));

describe('services that are added at the same time', () => {
  test('never take more of a pool than it has, and are each there once, all or none', async () => {
    await fc.assert(
      fc.asyncProperty(
        poolSeats,
        fc.array(wish, { minLength: 2, maxLength: 14 }),
        async (seatsOfPools, wishes) => {
          const customers = await freshPartner(6);
          const seatsByPool = new Map<number, number>();
          for (const [index, pools] of seatsOfPools.entries()) {
            for (const seats of pools) {
              const resource = resources[index] ?? assert.fail();
              const startsAt = Date.now() - 1000;
              const pool = { resource, seats, startsAt, expiresAt: endsAt, source: null };
              seatsByPool.set((await make(0, 'pool.add', pool)).poolId, seats);
            }
          }

          const outcomes = await Promise.all(
            wishes.flatMap((wanted, index) =>
              // Each is sent twice, through both doors.
              [0, 1].map(async (door) => ({ wanted, outcome: await ask(index + door, wanted, customers) })),
            ),
          );
          const lines = await allLines(customers);

          for (const [poolId, seats] of seatsByPool) {
            const taken = lines.filter((line) => line.poolId === poolId);
            assert.ok(taken.reduce((sum, line) => sum + line.seats, 0) <= seats, 'a pool is oversold');
          }
          const granted = outcomes.filter(({ outcome }) => outcome === 'added');
          assert.equal(
            lines.length,
            granted.reduce((sum, { wanted }) => sum + wanted.resources.length, 0),
          );
          for (const customerId of customers) {
            const held = lines
              .filter((line) => line.customerId === customerId)
              .map(({ resource }) => resource);
            assert.equal(new Set(held).size, held.length, 'a resource was granted twice');
          }
          // Of a request and its retry, one at the most was granted; the other is told that it is there, or why not.
          for (const [index] of wishes.entries()) {
            const pair = [outcomes[2 * index]?.outcome, outcomes[2 * index + 1]?.outcome];
            if (pair.includes('added')) assert.ok(pair.includes('same_exists'), String(pair));
            else assert.ok(!pair.includes(undefined));
          }
        },
      ),
      { numRuns: runs(20) },
    );
  });

  test('of the last seats are granted to one of many customers', async () => {
    const customers = await freshPartner(8);
    const [resource] = resources;
    for (let round = 0; round < 10; round++) {
      const pool = { resource, seats: 4, startsAt: Date.now() - 1000, expiresAt: endsAt, source: null };
      const { poolId } = await make(0, 'pool.add', pool);
      const wanted: Wish = { customer: 0, resources: [resource], seats: 4, expiresAt: 'as_pool' };
      const outcomes = await Promise.all(
        customers.map((_, number) => ask(number, { ...wanted, customer: number }, customers)),
      );
      assert.deepEqual(outcomes.toSorted(), ['added', ...customers.slice(1).map(() => 'seats_insufficient')]);
      for (const { customerId, lineId } of await allLines(customers)) {
        const which = { customerId, lineId, expected: 'any', mayGrant: true } as const;
        await make(0, 'line.end', which);
      }
      await make(0, 'pool.end', { poolId, expected: 'any' });
    }
  });

  test('as one trial are there once', async () => {
    for (const customerId of await freshPartner(6)) {
      const trial = { customerId, productType: backup, resource: resources[0], source: 'test', details: {} };
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, writer) => make(writer, 'trial.add', trial)),
      );
      assert.deepEqual(outcomes.toSorted(), ['added', ...outcomes.slice(1).map(() => 'same_exists')]);
      assert.equal((await allLines([customerId])).length, 1);
    }
  });

  test('leave a store that is what its record says', async () => {
    await readWhole(place.place, async (connection) => {
      for await (const { broken } of verifyStore(connection, { head: undefined }))
        assert.equal(broken, undefined);
    });
  });
});

function ask(writer: number, wanted: Wish, customers: readonly CustomerId[]): Promise<ServiceOutcome> {
  const services = wanted.resources.map((resource) => ({
    resource,
    seats: wanted.seats,
    source: 'test',
    details: {},
    expiresAt: wanted.expiresAt,
  }));
  const customerId = customers[wanted.customer] ?? assert.fail();
  return make(writer, 'service.add', { customerId, productType: backup, services });
}

/** Those that are active, of all customers. */
async function allLines(customers: readonly CustomerId[]) {
  const [{ reads } = assert.fail()] = ledgers;
  return reads.ledger.activeLinesOf(partnerId, customers, Date.now() + 1000);
}
