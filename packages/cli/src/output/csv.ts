/** Rows for spreadsheets (RFC 4180, lines ended by a line feed). */

import { defused } from '@seatledger/contract';
import { stringify } from 'csv-stringify/sync';

/** A member of the row, or what is computed from it. What is neither text nor number is written as JSON, and null as nothing. */
export type CsvColumn<Row> =
  | (keyof Row & string)
  | { readonly title: string; readonly value: (row: Row) => string | number | null };

/** The titles as a row of CSV. */
export function csvHeader<Row>(columns: readonly CsvColumn<Row>[]): string {
  return stringify([columns.map((column) => (typeof column === 'string' ? column : column.title))]);
}

/** Rows of CSV without a header. Text is run by no spreadsheet: see `defused`. */
export function csvRows<Row extends object>(
  rows: readonly Row[],
  columns: readonly CsvColumn<Row>[],
): string {
  const cells = rows.map((row) =>
    columns.map((column) => (typeof column === 'string' ? row[column] : column.value(row))),
  );
  return stringify(cells, {
    cast: { boolean: String, object: (value) => defused(JSON.stringify(value)), string: defused },
  });
}
