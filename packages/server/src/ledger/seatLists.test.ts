import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { customer, productType } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import type { Moment } from '../record/index.ts';
import { readSeats, type SeatFilter } from './index.ts';
import type { LedgerReads } from './ports.ts';

const customers = 1200;
const number = `with recursive number(n) as (select 1 union all select n + 1 from number where n < ${customers})`;
const id = `'customer-' || (1000000 + n)`;

/** Each customer has a holding of one product, since event 5, and all are in a group. */
let store: TestStore;
before(async () => {
  store = await openTestStore();
  const { partnerId } = store;
  await store.exec(`
    insert into customers ${number} select ${partnerId}, ${id}, '', '', null, 0, '', 1, n, 1 from number;
    insert into customer_groups values (${partnerId}, 7, 'all', 1, 1);
    insert into group_members ${number} select ${partnerId}, 7, ${id} from number;
    insert into changes values (${partnerId}, 5, 2, ${someDay}, 'test', null, '');
    insert into holdings ${number} select ${partnerId}, ${id}, 40, 5, '[]', '[]', 0 from number;`);
});
after(() => store.close());

const everything = {
  customers: 'all',
  groupId: null,
  productType: null,
  availableBelow: null,
  availableShareBelow: null,
} as const;
const some = Array.from({ length: customers }, (_, index) => customer(`customer-${1_000_001 + index}`));
const ofOther = productType(2048);

const beforeSeats: Moment = { sequence: 1, at: someDay };

/** Lists of which nothing is there to be found. */
const nothings = [
  ['of a customer group, none of whom has the product', { ...everything, groupId: 7, productType: ofOther }],
  [
    'of many customers, none of whom has the product',
    { ...everything, customers: some, productType: ofOther },
  ],
  ['of many customers, none of whom is in the group', { ...everything, customers: some, groupId: 8 }],
  ['of an estate, before it had any seats', everything],
] as const;

/** A page of one row, with the steps of the ledger's own or what comes between. */
function pageOf(moment: Moment, filter: SeatFilter, step: LedgerReads['snapshotStep'], signal: AbortSignal) {
  const ledger = { ...store.reads.ledger, snapshotStep: step };
  const { lists } = readSeats({ ...store.reads, ledger }, { now: () => someDay });
  return lists.page(store.partnerId, { moment, filter, after: null }, 1, signal);
}

describe('a page of one row', () => {
  for (const [what, filter] of nothings) {
    test(`${what}, is read in steps between which others have their turn`, async () => {
      let turns = 0;
      let turnsBefore = -1;
      let isDone = false;
      function turn() {
        turns++;
        if (!isDone) setImmediate(turn);
      }
      setImmediate(turn);
      const rows = await pageOf(
        beforeSeats,
        filter,
        (...step) => {
          assert.ok(turns > turnsBefore);
          turnsBefore = turns;
          return store.reads.ledger.snapshotStep(...step);
        },
        new AbortController().signal,
      );
      isDone = true;
      assert.deepEqual(rows, []);
      assert.ok(turns > 2);
    });

    test(`${what}, is not read on for nobody`, async () => {
      const giveUp = new AbortController();
      let steps = 0;
      const rows = pageOf(
        beforeSeats,
        filter,
        (...step) => {
          if (++steps === 2) giveUp.abort();
          return store.reads.ledger.snapshotStep(...step);
        },
        giveUp.signal,
      );
      await assert.rejects(rows, { name: 'AbortError' });
      assert.equal(steps, 2);
    });
  }

  test('is read in one step where it is the first row', async () => {
    let steps = 0;
    const rows = await pageOf(
      { sequence: 5, at: someDay },
      everything,
      (...step) => {
        steps++;
        return store.reads.ledger.snapshotStep(...step);
      },
      new AbortController().signal,
    );
    assert.deepEqual(
      rows.map(({ customerId }) => customerId),
      [some[0]],
    );
    assert.equal(steps, 1);
  });
});
