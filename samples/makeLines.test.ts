import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { importColumns, requiredImportColumns } from '@seatledger/contract';
import { makeLines } from './makeLines.ts';
import recording from './recorded/production-2025-12-12.json' with { type: 'json' };

const csv = readFileSync(join(import.meta.dirname, 'lines.csv'), 'utf8');
const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
const [header = [], ...rows] = csv
  .trimEnd()
  .split('\n')
  .map((row) => row.split(','));

describe('the sample', () => {
  it('is what makeLines makes of the recording', () => {
    assert.equal(csv, makeLines(recording));
  });

  it('has the columns of an import in their order, without a term', () => {
    const known: readonly string[] = importColumns;
    assert.deepEqual(
      header,
      known.filter((column) => header.includes(column)),
    );
    for (const column of requiredImportColumns) assert.ok(header.includes(column), column);
    assert.ok(!header.includes('startsAt') && !header.includes('expiresAt'));
    for (const row of rows) assert.equal(row.length, header.length);
  });

  it('names each line once by customer, product, resource and source', () => {
    const keys = rows.map((row) =>
      ['customerId', 'productType', 'resource', 'source'].map((column) => cell(row, column)).join('\n'),
    );
    assert.equal(new Set(keys).size, rows.length);
  });

  it('gives every recorded seat number by the seat rule', () => {
    assert.equal(recording.productOverview.length, 16);
    for (const { customerId, productType, purchasedUserSeat } of recording.productOverview) {
      assert.equal(
        purchasedByHand(customerId, productType),
        purchasedUserSeat,
        `${customerId} ${productType}`,
      );
    }
  });
});

describe('the README of the sample', () => {
  it('keeps the seats and the expiration date of every recorded service line', () => {
    assert.deepEqual(
      tableRows('Expiration date'),
      recording.servicesBatch.data.flatMap(({ organization, products }) =>
        products.map(({ service, purchasedUserSeats, purchasedUnits, expirationDate }) => [
          organization,
          service,
          purchasedUserSeats,
          purchasedUnits,
          expirationDate,
        ]),
      ),
    );
  });

  it('names the service lines that were recorded with a capacity and neither seats nor units', () => {
    assert.deepEqual(
      tableRows('Recorded capacity'),
      recording.servicesBatch.data.flatMap(({ organization, products }) =>
        products
          .filter(
            ({ purchasedUserSeats, purchasedUnits }) =>
              purchasedUserSeats === 'N/A' && purchasedUnits === 'N/A',
          )
          .map(({ service, purchasedCapacity }) => [organization, service, purchasedCapacity]),
      ),
    );
  });
});

/** The largest of the sums per resource; written here once more, so that the sample is judged by the rule and not by the product. */
function purchasedByHand(customerId: string, productType: number): number {
  const seatsByResource = new Map<string, number>();
  for (const row of rows) {
    if (cell(row, 'customerId') !== customerId || cell(row, 'productType') !== String(productType)) continue;
    const resource = cell(row, 'resource');
    seatsByResource.set(resource, (seatsByResource.get(resource) ?? 0) + Number(cell(row, 'seats')));
  }
  return Math.max(0, ...seatsByResource.values());
}

function cell(row: readonly string[], column: string): string {
  const text = row[header.indexOf(column)];
  assert.ok(text !== undefined, `a row without ${column}`);
  return text;
}

/** The rows of the README's table whose header has this cell. */
function tableRows(headerCell: string): string[][] {
  const lines = readme.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|') && line.includes(`| ${headerCell} |`));
  assert.notEqual(start, -1, headerCell);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) => line.slice(2, -2).split(' | '));
}
