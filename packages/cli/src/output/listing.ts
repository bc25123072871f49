/** Rows of a list as they come in: a table, JSON, JSON lines or CSV. No list is too long to print. */

import type { CommandContext } from '../commandContext.ts';
import { type CsvColumn, csvHeader, csvRows } from './csv.ts';
import { writeJsonArray, writeJsonLines } from './json.ts';
import { type Column, table } from './table.ts';
import { write } from './write.ts';

export const listFormats = ['table', 'json', 'ndjson', 'csv'] as const;
export type ListFormat = (typeof listFormats)[number];

/** How the rows of a list are shown. JSON has them as they were answered. */
export interface Listing<Row> {
  readonly columns: readonly Column<Row>[];
  readonly csv: readonly CsvColumn<Row>[];
  /** What is said where there is no row. */
  readonly empty: string;
}

type Pages<Row> = AsyncIterable<readonly Row[]>;

export async function writeListing<Row extends object>(
  context: CommandContext,
  { format, pages, listing }: { format: ListFormat; pages: Pages<Row>; listing: Listing<Row> },
): Promise<void> {
  if (format === 'json') await writeJsonArray(context, pages);
  else if (format === 'ndjson') await writeJsonLines(context, pages);
  else if (format === 'csv') await writeCsv(context, pages, listing);
  else await writeTables(context, pages, listing);
}

async function writeCsv<Row extends object>(
  { stdout }: CommandContext,
  pages: Pages<Row>,
  { csv }: Listing<Row>,
): Promise<void> {
  await write(stdout, csvHeader(csv));
  for await (const page of pages) await write(stdout, csvRows(page, csv));
}

/** A table each thousand rows or so: the width of a column is known once its rows are. */
async function writeTables<Row>(
  { stdout, stderr }: CommandContext,
  pages: Pages<Row>,
  { columns, empty }: Listing<Row>,
): Promise<void> {
  let isEmpty = true;
  for await (const rows of inTables(pages)) {
    await write(stdout, table(rows, columns, stdout));
    isEmpty = false;
  }
  if (isEmpty) await write(stderr, `${empty}\n`);
}

const tableRowsMin = 1000;

async function* inTables<Row>(pages: Pages<Row>): AsyncGenerator<readonly Row[], undefined> {
  let rows: Row[] = [];
  for await (const page of pages) {
    rows = rows.concat(page);
    if (rows.length < tableRowsMin) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
  return undefined;
}
