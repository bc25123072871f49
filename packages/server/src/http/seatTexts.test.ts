import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { productByType, products, seatsColumns, type SeatsLine } from '@seatledger/contract';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import '../testing/campaign.ts';
import type { SeatsOfHolding } from '../ledger/index.ts';
import { customer } from '../testing/identity.ts';
import { instantToWire } from './instants.ts';
import { csvCell, seatsAsCsv, seatsAsLines } from './seatTexts.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('=1+1', '-5', '@a', 'a "b", c', 'two\r\nlines', ' ', ''),
);
const seats: fc.Arbitrary<SeatsOfHolding> = fc
  .record({
    customerId: fc.constantFrom('a', 'b-1', 'c.x').map(customer),
    productType: fc.constantFrom(...products.map(({ type }) => type)),
    organization: text,
    purchased: fc.nat(),
    assigned: fc.nat(),
    sources: fc.array(text, { maxLength: 3 }),
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    recordedAt: fc.integer({ min: 0, max: 253_402_300_799_999 }),
  })
  .map((row) => ({ ...row, available: row.purchased - row.assigned }));
const rows = fc.array(seats, { maxLength: 6 });
const moment = { sequence: 20, at: Date.UTC(2026, 1, 1) };

function wireOf({ productType, sources, recordedAt, ...row }: SeatsOfHolding): SeatsLine {
  return {
    customerId: row.customerId,
    organization: row.organization,
    productType,
    product: productByType(productType)?.name ?? '',
    purchased: row.purchased,
    assigned: row.assigned,
    available: row.available,
    source: [...sources],
    sequence: row.sequence,
    recordedAt: instantToWire(recordedAt),
    asOf: instantToWire(moment.at),
    asOfSequence: moment.sequence,
  };
}
/** Without what keeps a spreadsheet from running it. */
const plain = (cell: string) => cell.replaceAll("'", '');

describe('the seats of any rows', () => {
  test('are as lines what JSON.stringify makes of them', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const { head, rowsOf } = seatsAsLines(moment);
        const expected = some.map((row) => `${JSON.stringify(wireOf(row))}\n`).join('');
        assert.equal(head + rowsOf(some), expected);
      }),
    );
  });

  test('are as CSV the same values under their names, and no cell begins as a formula does', () => {
    fc.assert(
      fc.property(rows, (some) => {
        const { head, rowsOf } = seatsAsCsv(moment);
        const cells: string[][] = parse(head + rowsOf(some), { record_delimiter: '\r\n' });
        assert.deepEqual(cells[0], [...seatsColumns]);
        const expected = some.map((row) => {
          const wire = { ...wireOf(row), source: row.sources.join('; ') };
          return seatsColumns.map((name) => String(wire[name]));
        });
        assert.deepEqual(
          cells.slice(1).map((row) => row.map(plain)),
          expected.map((row) => row.map(plain)),
        );
        const numbers = new Set(['available']);
        for (const row of cells.slice(1)) {
          for (const [index, cell] of row.entries())
            if (!numbers.has(seatsColumns[index] ?? ''))
              assert.doesNotMatch(cell, /^[\t\r\n]|(^|[;\t\r\n])\s*[=+\-@＝＋－＠]/);
        }
      }),
    );
  });
});

test('a cell has quotes where it needs them, and an apostrophe where it would be run', () => {
  for (const [value, cell] of [
    ['Contoso', 'Contoso'],
    ['Contoso, "Ltd"', '"Contoso, ""Ltd"""'],
    ['=1+1', "'=1+1"],
    ['-1', "'-1"],
    ['@x, y', `"'@x, y"`],
    ['＝1', "'＝1"],
    [' =1+1', " '=1+1"],
    ['Foo;=1+1;x; ＋2', "Foo;'=1+1;x; '＋2"],
    ['one\n=1+1', `"one\n'=1+1"`],
    ['a-b = c;d', 'a-b = c;d'],
    ['\tx', "'\tx"],
    ['two\nlines', '"two\nlines"'],
  ] as const)
    assert.equal(csvCell(value), cell);
});
