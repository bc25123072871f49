/** Rows for people: aligned columns under a line of titles, without borders, so that they can be cut and searched. */

import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { TerminalStream } from '../commandContext.ts';
import { printable } from './printable.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number;
  readonly align?: 'left' | 'right';
}

const borders =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid';
const borderless = Object.fromEntries(borders.split(' ').map((name) => [name, '']));

/** The table as lines that end in a line feed, with its titles in bold where the stream is a terminal. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  stream: TerminalStream,
): string {
  const drawing = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: { ...borderless, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  drawing.push(...rows.map((row) => columns.map(({ value }) => printable(String(value(row))))));
  const [titles = '', ...lines] = drawing
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const head = stream.isTTY === true ? styleText('bold', titles, { stream }) : titles;
  return [head, ...lines].map((line) => `${line}\n`).join('');
}
