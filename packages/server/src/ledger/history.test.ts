import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { type CustomerId, parseCustomerId, type ProductType, productByType } from '@seatledger/contract';
import type { Changes } from '../changes.ts';
import { findMoment, type Moment } from '../record/index.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import { type Period, readHistory, type SeatPoint } from './history.ts';

const day = 86_400_000;
const productType = product(2048);
let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
});
after(() => store.close());

function product(type: number): ProductType {
  const found = productByType(type);
  assert.ok(found);
  return found.type;
}
function customer(name: string): CustomerId {
  const id = parseCustomerId(name);
  assert.ok(id);
  return id;
}
const ada = customer('ada');

type Line = Changes['line.add']['input'];
function addLine(line: Partial<Line> & Pick<Line, 'customerId' | 'seats'>, now: number): Promise<unknown> {
  const common = {
    source: null,
    externalId: null,
    licenceType: 'enterprise',
    details: {},
    poolId: null,
  } as const;
  return store.make(
    'line.add',
    { productType, resource: 'Office365Backup', startsAt: null, expiresAt: null, ...common, ...line },
    { now },
  );
}
async function periodTo(at: number): Promise<Period> {
  const from = await readHistory(store.reads).beginning(store.partnerId);
  const to = await findMoment(store.reads.record, store.partnerId, { at, sequence: null }, at);
  assert.ok(typeof to !== 'string');
  return { from, to };
}
const wanted = () => new AbortController().signal;

async function seriesOf(period: Period): Promise<readonly SeatPoint[]> {
  const history = readHistory(store.reads);
  const holding = { customerId: ada, productType };
  return (await Array.fromAsync(history.series(store.partnerId, holding, period, wanted()))).flat();
}
async function seriesTo(at: number): Promise<readonly SeatPoint[]> {
  return seriesOf(await periodTo(at));
}
const told = (points: readonly SeatPoint[]) =>
  points.map(({ at, purchased, assigned, cause }) => [
    (at - someDay) / day,
    purchased,
    assigned,
    cause?.kind,
  ]);

describe('a series', () => {
  test('tells a term that ends at the instant of a change before it: the change is not why', async () => {
    await store.make('customer.create', { customerId: ada, facts: {} });
    await addLine({ customerId: ada, seats: 2 }, someDay + day);
    await addLine({ customerId: ada, seats: 5, expiresAt: someDay + 2 * day }, someDay + day);
    const assigning = { customerId: ada, productType, users: ['one'] };
    await store.make('seats.assign', assigning, { now: someDay + 2 * day });
    assert.deepEqual(told(await seriesTo(someDay + 3 * day)), [
      [0, 0, 0, undefined],
      [1, 2, 0, 'recorded'],
      [1, 7, 0, 'recorded'],
      [2, 2, 0, 'term_ended'],
      [2, 2, 1, 'recorded'],
    ]);
  });

  test('goes by what was known then: a term that was shortened ends once', async () => {
    await store.make('customer.create', { customerId: ada, facts: {} });
    await addLine({ customerId: ada, seats: 5, expiresAt: someDay + 9 * day }, someDay + day);
    const [line] = await store.reads.ledger.linesOfCustomer(store.partnerId, ada, null, 1);
    assert.ok(line);
    const { lineId } = line;
    const which = { customerId: ada, lineId, expected: 'any', mayGrant: true } as const;
    await store.make('line.change', { ...which, expiresAt: someDay + 4 * day }, { now: someDay + 2 * day });
    assert.deepEqual(told(await seriesTo(someDay + 20 * day)), [
      [0, 0, 0, undefined],
      [1, 5, 0, 'recorded'],
      [4, 0, 0, 'term_ended'],
    ]);
  });

  test('ends at now where the clock is behind the last change, and has that change', async () => {
    await store.make('customer.create', { customerId: ada, facts: {} }, { now: someDay });
    await addLine({ customerId: ada, seats: 5 }, someDay + day);
    const now = { at: null, sequence: null };
    const to = (await findMoment(store.reads.record, store.partnerId, now, someDay)) as Moment;
    assert.equal(to.at, someDay + day);
    const from = await readHistory(store.reads).beginning(store.partnerId);
    const points = await seriesOf({ from, to });
    assert.deepEqual(told(points), [
      [0, 0, 0, undefined],
      [1, 5, 0, 'recorded'],
    ]);
  });
});

describe('what nobody wants any more', () => {
  /** How often the ledger was read while one row was asked for, which there is not, and then given up. */
  async function readsOf(
    give: (history: ReturnType<typeof readHistory>, signal: AbortSignal) => AsyncGenerator,
  ) {
    const giveUp = new AbortController();
    let reads = 0;
    const ledger: typeof store.reads.ledger = {
      ...store.reads.ledger,
      snapshotStep(...list) {
        if (++reads === 2) giveUp.abort();
        return store.reads.ledger.snapshotStep(...list);
      },
      snapshotsBetween(...between) {
        if (++reads === 2) giveUp.abort();
        return store.reads.ledger.snapshotsBetween(...between);
      },
    };
    const rows = give(readHistory({ ...store.reads, ledger }), giveUp.signal);
    await assert.rejects(Array.fromAsync(rows), { name: 'AbortError' });
    return reads;
  }

  test('is not read on: of an estate without a difference', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      line: index + 2,
      customerId: customer(`customer-${index}`),
      organization: null,
      productType,
      resource: 'Office365Backup',
      seats: 1,
      startsAt: null,
      expiresAt: null,
      source: 'import',
      externalId: null,
      licenceType: 'enterprise' as const,
    }));
    await store.make(
      'lines.import',
      { rowsPath: '', dryRun: false, replace: false, customers: 'all' },
      { rows },
    );
    const { to } = await periodTo(someDay + day);
    const filter = { customers: 'all', productType: null } as const;
    const reads = await readsOf((history, signal) =>
      history.differences(store.partnerId, { from: to, to }, filter, signal),
    );
    assert.equal(reads, 2);
  });

  test('is not read on: of a series in which no number changes', async () => {
    await store.make('customer.create', { customerId: ada, facts: {} });
    for (let index = 0; index < 400; index++) await addLine({ customerId: ada, seats: 0 }, someDay);
    const period = await periodTo(someDay + day);
    const reads = await readsOf((history, signal) =>
      history.series(store.partnerId, { customerId: ada, productType }, period, signal),
    );
    assert.equal(reads, 2);
  });

  test('lets others have their turn meanwhile', async () => {
    await store.make('customer.create', { customerId: ada, facts: {} });
    for (let index = 0; index < 400; index++) await addLine({ customerId: ada, seats: 0 }, someDay);
    let turns = 0;
    let isDone = false;
    function turn() {
      turns++;
      if (!isDone) setImmediate(turn);
    }
    setImmediate(turn);
    await seriesTo(someDay + day);
    isDone = true;
    assert.ok(turns >= 2);
  });
});
