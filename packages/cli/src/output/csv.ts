/** Rows for spreadsheets (RFC 4180, lines ended by a line feed). */

import { stringify } from 'csv-stringify/sync';

/** The titles as a row of CSV. */
export function csvHeader(columns: readonly string[]): string {
  return stringify([columns]);
}

/** Rows of CSV without a header. Text that a spreadsheet would run as a formula gets a leading apostrophe. */
export function csvRows<Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row & string)[],
): string {
  return stringify([...rows], { columns: [...columns], escape_formulas: true });
}
