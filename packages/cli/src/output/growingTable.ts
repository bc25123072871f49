/** A table whose rows are not known beforehand: a column grows with the longest that it has had to show, and is aligned from then on. */

import { styleText } from 'node:util';
import type { TerminalStream } from '../commandContext.ts';
import { printable } from './printable.ts';
import type { Column } from './table.ts';

export interface GrowingTable<Row> {
  /** The line of titles. */
  readonly head: () => string;
  /** The lines of these rows. */
  readonly lines: (rows: readonly Row[]) => string;
}

export function growingTable<Row>(
  columns: readonly Column<Row>[],
  stream: TerminalStream,
  /** What columns are expected to need, in their order, so that the titles stand above them. */
  widthsExpected: readonly number[],
): GrowingTable<Row> {
  const widths = columns.map(({ title }, index) => Math.max(title.length, widthsExpected[index] ?? 0));

  function lineOf(cells: readonly string[]): string {
    return cells
      .map((cell, index) => {
        const width = Math.max(widths[index] ?? 0, cell.length);
        widths[index] = width;
        return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  }

  return {
    head() {
      const titles = lineOf(columns.map(({ title }) => title));
      return `${stream.isTTY === true ? styleText('bold', titles, { stream }) : titles}\n`;
    },
    lines: (rows) =>
      rows.map((row) => `${lineOf(columns.map(({ value }) => printable(String(value(row)))))}\n`).join(''),
  };
}
