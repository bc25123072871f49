import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import {
  type CustomerId,
  type FieldProblemCode,
  type ImportReport,
  parseCustomerId,
  ProblemError,
  productByType,
} from '@seatledger/contract';
import { verifyChain } from '../record/index.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import type { ImportRow } from './index.ts';
import { readSeats } from './readSeats.ts';

const day = 86_400_000;
let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
});
after(() => store.close());

function id(text: string): CustomerId {
  const customerId = parseCustomerId(text);
  assert.ok(customerId);
  return customerId;
}

let lastLine = 0;
function row(
  customer: string,
  seats: number,
  given: Partial<ImportRow> & { product?: number } = {},
): ImportRow {
  const { product = 2048, ...rest } = given;
  const found = productByType(product);
  assert.ok(found);
  return {
    line: ++lastLine,
    customerId: id(customer),
    organization: null,
    productType: found.type,
    resource: 'Office365Backup',
    seats,
    startsAt: null,
    expiresAt: null,
    source: 'test',
    externalId: null,
    licenceType: 'enterprise',
    ...rest,
  };
}

type Options = {
  dryRun?: boolean;
  replace?: boolean;
  customers?: 'all' | ReadonlySet<CustomerId>;
  now?: number;
};

function importRows(
  rows: readonly ImportRow[],
  { now = someDay, dryRun = false, replace = false, customers = 'all' }: Options = {},
): Promise<ImportReport> {
  return store.make('lines.import', { rowsPath: '', dryRun, replace, customers }, { now, rows });
}

async function refusal(
  rows: readonly ImportRow[],
  options?: Options,
): Promise<readonly (readonly [number | undefined, string, FieldProblemCode])[]> {
  try {
    await importRows(rows, options);
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.code, 'import_invalid');
    return error.errors.map(({ line, field, code }) => [line, field, code] as const);
  }
  return assert.fail('the import was not refused');
}

async function purchased(
  customer: string,
  { product = 2048, at = someDay } = {},
): Promise<number | undefined> {
  const found = productByType(product);
  assert.ok(found);
  const answer = await readSeats(store.reads, { now: () => at }).get(
    store.partnerId,
    id(customer),
    found.type,
  );
  return answer.known ? answer.seats.purchased : undefined;
}

/** Everything that there is, but for what the store keeps of time. */
function everything(): Promise<unknown> {
  const tables = ['customers', 'lines', 'seat_snapshots', 'events', 'changes'];
  return Promise.all(tables.map((table) => store.rows(`select * from ${table}`)));
}

describe('an import', () => {
  test('adds lines, creates their customers, and its seats are answered', async () => {
    const report = await importRows([
      row('a', 20),
      row('a', 20, { resource: 'Office365PPBackup' }),
      row('b', 5),
    ]);
    assert.deepEqual([report.lines, report.added, report.customersCreated], [3, 3, 2]);
    assert.deepEqual([await purchased('a'), await purchased('b'), await purchased('c')], [20, 5, undefined]);
    assert.equal(await purchased('b', { product: 4 }), 0);
  });

  test('made twice changes nothing the second time, not even the record', async () => {
    const rows = [
      row('a', 20),
      row('a', 7, { startsAt: someDay }),
      row('b', 5, { externalId: 'x', expiresAt: someDay + day }),
    ];
    await importRows(rows);
    const before = await everything();
    const report = await importRows(rows, { now: someDay + day / 2 });
    assert.deepEqual([report.unchanged, report.added, report.changed], [3, 0, 0]);
    assert.deepEqual(await everything(), before);
  });

  test('knows a line by its external id, whatever else changes, the product too', async () => {
    await importRows([row('a', 20, { externalId: 'x' })]);
    const report = await importRows([
      row('a', 30, { externalId: 'x', product: 4, resource: 'CloudGovernance', source: 'other' }),
    ]);
    assert.deepEqual([report.changed, report.added], [1, 0]);
    assert.deepEqual([await purchased('a'), await purchased('a', { product: 4 })], [0, 30]);
  });

  test('knows a line without external id by customer, product, resource, source and the start given', async () => {
    await importRows([row('a', 20)]);
    const other = [
      row('a', 1, { startsAt: someDay }),
      row('a', 1, { source: 'other' }),
      row('a', 1, { resource: 'Office365PPBackup' }),
      row('a', 1, { externalId: 'x' }),
    ];
    assert.equal((await importRows(other)).added, 4);
    assert.equal((await importRows([row('a', 21)])).changed, 1);
    assert.equal(await purchased('a'), 24);
  });

  test('keeps the start of a line whose start was not given', async () => {
    await importRows([row('a', 20)], { now: someDay });
    await importRows([row('a', 21)], { now: someDay + day });
    assert.equal(await purchased('a', { at: someDay }), 21);
  });

  test('refuses a line that the file names twice', async () => {
    const twice = [
      row('a', 1),
      row('a', 2),
      row('b', 1, { externalId: 'x' }),
      row('b', 1, { externalId: 'x' }),
    ];
    const problems = await refusal(twice);
    assert.deepEqual(problems, [
      [twice[1]?.line, 'customerId', 'line_twice'],
      [twice[3]?.line, 'externalId', 'line_twice'],
    ]);
  });

  test('refuses a line named twice also where other rows stand between, in any number', async () => {
    const between = Array.from({ length: 2500 }, (_, index) => row(`c${index}`, 1));
    const again = row('a', 2);
    assert.deepEqual(await refusal([row('a', 1), ...between, again]), [
      [again.line, 'customerId', 'line_twice'],
    ]);
  });

  test('refuses an external id that a line of another customer has', async () => {
    await importRows([row('a', 1, { externalId: 'x' })]);
    const other = row('b', 1, { externalId: 'x' });
    assert.deepEqual(await refusal([other]), [[other.line, 'externalId', 'external_id_of_other_customer']]);
  });

  test('refuses a term that ends before it begins, or with it', async () => {
    const wrong = [
      row('a', 1, { startsAt: someDay + day, expiresAt: someDay + day }),
      row('b', 1, { expiresAt: someDay - 1 }),
    ];
    assert.deepEqual(
      (await refusal(wrong)).map(([, field, code]) => [field, code]),
      [
        ['expiresAt', 'term_inverted'],
        ['expiresAt', 'term_inverted'],
      ],
    );
  });

  test('is all or nothing', async () => {
    await importRows([row('a', 1)]);
    const before = await everything();
    await refusal([row('a', 2), row('n', 5), row('b', 1, { expiresAt: 0 })]);
    assert.deepEqual(await everything(), before);
  });

  test('names the first hundred bad lines and counts the rest', async () => {
    const wrong = Array.from({ length: 150 }, () => row('a', 1, { expiresAt: 0 }));
    await assert.rejects(importRows(wrong), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.deepEqual([error.errors.length, error.errorCount], [100, 150]);
      return true;
    });
  });

  test('as a dry run says what would be done and does nothing', async () => {
    await importRows([row('a', 1)]);
    const before = await everything();
    const report = await importRows([row('a', 2), row('b', 1)], { dryRun: true });
    assert.deepEqual([report.dryRun, report.added, report.changed, report.customersCreated], [true, 1, 1, 1]);
    assert.deepEqual(await everything(), before);
  });

  test('takes a thousand lines of one customer and product, and no more', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => row('a', 1, { externalId: `x${index}` }));
    await importRows(lines);
    const more = row('a', 1, { externalId: 'more' });
    assert.deepEqual(await refusal([more]), [[more.line, 'productType', 'lines_too_many']]);
    assert.equal((await importRows([row('a', 2, { externalId: 'x7' })])).changed, 1);
  });

  test('leaves one snapshot of a holding that a line left and another came to', async () => {
    await importRows([row('a', 1, { externalId: 'x', product: 4, resource: 'CloudGovernance' })]);
    const before = (await store.reads.record.head(store.partnerId)).sequence;
    const between = Array.from({ length: 1500 }, (_, index) => row(`c${index}`, 1));
    await importRows([
      row('a', 1, { externalId: 'x', product: 2048 }),
      ...between,
      row('a', 5, { externalId: 'y', product: 4, resource: 'CloudGovernance' }),
    ]);
    const snapshots = await store.rows(
      `select timeline from seat_snapshots where customer_id = 'a' and product_type = 4 and sequence > ${before}`,
    );
    assert.deepEqual(
      snapshots.map(({ timeline }) => timeline),
      [JSON.stringify([[someDay, 5]])],
    );
  });

  test('leaves one snapshot of a holding, however far apart its rows stand', async () => {
    const between = Array.from({ length: 1500 }, (_, index) => row(`c${index}`, 1));
    await importRows([row('a', 1), ...between, row('a', 2, { source: 'other' })]);
    const snapshots = await store.rows("select timeline from seat_snapshots where customer_id = 'a'");
    assert.deepEqual(
      snapshots.map(({ timeline }) => timeline),
      [JSON.stringify([[someDay, 3]])],
    );
  });
});

describe('an import by an app that sees named customers', () => {
  test('is refused for a customer that is there as for one that is not', async () => {
    await importRows([row('mine', 1), row('theirs', 1)]);
    const customers = new Set([id('mine')]);
    const known = await refusal([row('theirs', 2)], { customers });
    const unknown = await refusal([row('nobody', 2)], { customers });
    assert.deepEqual(
      [known, unknown].map((problems) => problems.map(([, field, code]) => [field, code])),
      [[['customerId', 'customer_not_found']], [['customerId', 'customer_not_found']]],
    );
  });

  test('replaces lines of its own customers alone', async () => {
    await importRows([
      row('mine', 1, { externalId: 'x' }),
      row('mine', 2, { externalId: 'y' }),
      row('theirs', 1),
    ]);
    const report = await importRows([row('mine', 1, { externalId: 'x' })], {
      customers: new Set([id('mine')]),
      replace: true,
    });
    assert.deepEqual([report.ended, report.unchanged], [1, 1]);
    assert.deepEqual([await purchased('mine'), await purchased('theirs')], [1, 1]);
  });
});

describe('an import that replaces', () => {
  test('ends the lines of its sources that it does not have, and lists them', async () => {
    await importRows([row('a', 20), row('b', 5), row('c', 7, { source: 'other' })]);
    const report = await importRows([row('a', 20)], { replace: true, now: someDay + day });
    assert.deepEqual([report.ended, report.endedLines.map(({ customerId }) => customerId)], [1, ['b']]);
    const at = someDay + day;
    assert.deepEqual(
      [await purchased('a', { at }), await purchased('b', { at }), await purchased('c', { at })],
      [20, 0, 7],
    );
    const [ended] = await store.reads.ledger.linesOfCustomer(store.partnerId, id('b'), null, 1);
    assert.equal(ended?.expiresAt, at);
  });

  test('ends a line that is still to begin where it would begin', async () => {
    await importRows([row('a', 20, { startsAt: someDay + day }), row('b', 1)]);
    await importRows([row('b', 1)], { replace: true });
    assert.equal(await purchased('a', { at: someDay + 2 * day }), 0);
  });

  test('ends a line once, and a file that brings it back begins it again', async () => {
    await importRows([row('a', 20), row('b', 1)]);
    await importRows([row('b', 1)], { replace: true, now: someDay + day });
    assert.equal((await importRows([row('b', 1)], { replace: true, now: someDay + 2 * day })).ended, 0);
    assert.equal((await importRows([row('a', 20), row('b', 1)], { now: someDay + 3 * day })).changed, 1);
    assert.equal(await purchased('a', { at: someDay + 4 * day }), 20);
  });
});

describe('the record of imports', () => {
  test('is one change of the chain for each, with an event for each thing that changed', async () => {
    await importRows([row('a', 20), row('b', 5)]);
    await importRows([row('a', 21)], { replace: true });
    const changes = await store.reads.record.changesAfter(store.partnerId, 0, 10);
    const events = await store.reads.record.eventsAfter(store.partnerId, 0, 10);
    assert.deepEqual(
      changes.map(({ firstSequence, lastSequence }) => [firstSequence, lastSequence]),
      [
        [1, 1],
        [2, 5],
        [6, 7],
      ],
    );
    assert.deepEqual(
      events.map(({ kind }) => kind),
      [
        'partner.created',
        'customer.created',
        'customer.created',
        'line.added',
        'line.added',
        'line.changed',
        'line.ended',
      ],
    );
    assert.equal((await verifyChain(store.reads.record, store.partnerId)).whole, true);
  });
});
