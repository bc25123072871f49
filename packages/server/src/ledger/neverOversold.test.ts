/** Many who take from one pool, and from one customer, at the same time: exactly the seats that there were are handed out. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ProblemError } from '@seatledger/contract';
import type { ChangeKind, ChangeOrder } from '../changes.ts';
import { type OpenLedger, openLedger, systemClock } from '../openLedger.ts';
import { customer, productType } from '../testing/identity.ts';
import { openTestPlace, type TestPlace } from '../testing/place.ts';
import { verifyStore } from '../verifyStore.ts';
import { readWhole } from '../wholeStore.ts';
import { readSeats } from './readSeats.ts';

const writers = 64;
const seatCount = 200;
const backup = productType(2048);
let place: TestPlace;
/** Two doors to one store where there can be two. */
let ledgers: readonly OpenLedger[];
let partnerId: number;

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
  ({ partnerId } = await make(0, 'partner.create', { name: 'one' }));
});
after(async () => {
  for (const ledger of ledgers) await ledger.close();
  await place.remove();
});

function make<Kind extends ChangeKind>(
  writer: number,
  kind: Kind,
  input: ChangeOrder<Kind>['input'],
  now = Date.now(),
) {
  const ledger = ledgers[writer % ledgers.length];
  assert.ok(ledger);
  return ledger.make({ kind, input, partnerId, actor: 'test', reason: null, now });
}

/** A customer with a line of so many seats. */
async function customerWith(name: string, seats: number) {
  const customerId = customer(name);
  await make(0, 'customer.create', { customerId, facts: {} });
  const { lineId } = await make(0, 'line.add', {
    customerId,
    productType: backup,
    resource: 'Office365Backup',
    seats,
    startsAt: null,
    expiresAt: null,
    source: null,
    externalId: null,
    licenceType: 'enterprise',
    details: {},
    poolId: null,
  });
  return { customerId, lineId };
}

/** Writers take one after the other until they are refused; how many seats they got. */
async function taken(
  take: (writer: number, turn: number) => Promise<number>,
  refusal: string,
): Promise<number> {
  async function until(writer: number): Promise<number> {
    let seats = 0;
    for (let turn = 0; ; turn++) {
      try {
        seats += await take(writer, turn);
      } catch (error) {
        assert.ok(error instanceof ProblemError, String(error));
        assert.equal(error.code, refusal);
        return seats;
      }
    }
  }
  const seats = await Promise.all(Array.from({ length: writers }, (_, writer) => until(writer)));
  return seats.reduce((sum, one) => sum + one, 0);
}

describe(`${writers} writers at once`, () => {
  test('are granted exactly the seats of the pool', async () => {
    const startsAt = Date.now() - 1000;
    const { poolId } = await make(0, 'pool.add', {
      resource: 'Office365Backup',
      seats: seatCount,
      startsAt,
      expiresAt: startsAt + 365 * 86_400_000,
      source: null,
    });
    const customers = Array.from({ length: 8 }, (_, number) => customer(`customer-${number}`));
    for (const customerId of customers) await make(0, 'customer.create', { customerId, facts: {} });
    const granted = await taken(async (writer, turn) => {
      const { seats } = await make(writer, 'line.add', {
        customerId: customers[(writer + turn) % customers.length] ?? customer('none'),
        productType: backup,
        resource: 'Office365Backup',
        seats: 1,
        startsAt: null,
        expiresAt: undefined,
        source: null,
        externalId: null,
        licenceType: 'enterprise',
        details: {},
        poolId,
      });
      return seats;
    }, 'pool_insufficient');
    assert.equal(granted, seatCount);
  });

  test('assign exactly the seats of the customer', async () => {
    const { customerId } = await customerWith('assigning', seatCount);
    const assigned = await taken(async (writer, turn) => {
      const users = [`${writer}-${turn}@x.org`];
      return (await make(writer, 'seats.assign', { customerId, productType: backup, users })).changed;
    }, 'seats_insufficient');
    assert.equal(assigned, seatCount);
    for (const { reads } of ledgers) {
      const answer = await readSeats(reads, systemClock).get(partnerId, customerId, backup);
      assert.deepEqual(answer, {
        known: true,
        seats: { purchased: seatCount, assigned: seatCount, available: 0 },
      });
    }
  });

  test('assign no seat of a line that was ended by a clock ahead of theirs', async () => {
    const { customerId, lineId } = await customerWith('skewed', 10);
    const which = { customerId, lineId, expected: 'any', mayGrant: true } as const;
    await make(0, 'line.end', which, Date.now() + 60_000);
    const assigning = make(1, 'seats.assign', { customerId, productType: backup, users: ['late'] });
    await assert.rejects(assigning, { code: 'seats_insufficient' });
  });

  test('assign no seat after the line has ended at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      const { customerId, lineId } = await customerWith(`ending-${round}`, 100);
      const which = { customerId, lineId, expected: 'any', mayGrant: true } as const;
      const assigning = Array.from({ length: 8 }, (_, writer) =>
        make(writer, 'seats.assign', { customerId, productType: backup, users: [`user-${writer}`] }),
      );
      const ending = make(1, 'line.end', which);
      const outcomes = await Promise.allSettled(assigning);
      const { changedSequence } = await ending;
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') assert.ok(outcome.value.sequence < changedSequence);
      }
    }
  });

  test('leave a store that is what its record says', async () => {
    await readWhole(place.place, async (connection) => {
      for await (const { broken } of verifyStore(connection, { head: undefined }))
        assert.equal(broken, undefined);
    });
  });
});
