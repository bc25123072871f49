/**
 * The rows of a store as text, and back: what exports and backups have in common.
 *
 * The text is one JSON value a line: the name of each table with its columns, and below it its rows. Keys that sign are not in it: a store
 * that is filled makes keys of its own.
 */

import type { Head } from './record/index.ts';
import type { Connection } from './store/connection.ts';
import type { Bindable } from './store/statement.ts';
import { readsOn } from './store/stores.ts';
import { columnsOf, isOfPartners, tableRows, type TableRow, tables } from './store/tables.ts';

/** How many rows are stored at once: what is in memory while others come makes the heap grow. */
const rowsAtOnce = 100;

/** The end of a partner's record. */
export type PartnerHead = Pick<Head, 'hash' | 'sequence'> & { readonly partner: string };

/** A value of the text: a row, or an object that says something of what comes before or after it. */
export type RowsLine = readonly Bindable[] | Readonly<Record<string, unknown>>;

/** All rows, or those of the partner, each table with its name before them. */
export async function* rowLines(
  connection: Connection,
  partnerId: number | null,
): AsyncGenerator<RowsLine, undefined> {
  for (const table of tables.filter((one) => partnerId === null || isOfPartners(one))) {
    const columns = columnsOf(table);
    yield { table: table.table, columns };
    for await (const row of tableRows(connection, table, partnerId))
      yield columns.map((column) => row[column] ?? null);
  }
  return undefined;
}

/** Rows of one table that came together. */
export interface ReadRows {
  readonly table: (typeof tables)[number];
  readonly rows: readonly TableRow[];
  /** How many there were up to these. */
  readonly count: number;
}

/** The rows of such a text, some hundred at once. `damaged` makes the error of what is not one, from half a sentence. */
export async function* readRows(
  lines: AsyncIterable<string>,
  damaged: (what: string) => Error,
): AsyncGenerator<ReadRows, undefined> {
  let into: { table: (typeof tables)[number]; columns: readonly string[] } | undefined;
  let waiting: TableRow[] = [];
  let count = 0;
  let place = 0;
  for await (const line of lines) {
    place++;
    const value = rowsLineOf(line, place, damaged);
    if (isRow(value)) {
      if (into === undefined || value.length !== into.columns.length)
        throw damaged(`line ${place} is a row of no table`);
      waiting.push(rowOf(into.columns, value));
      count++;
      if (waiting.length < rowsAtOnce) continue;
      yield { table: into.table, rows: waiting, count };
      waiting = [];
    } else if (memberOf(value, 'table') !== undefined) {
      if (into !== undefined && waiting.length > 0) yield { table: into.table, rows: waiting, count };
      waiting = [];
      into = tableOf(value, place, damaged);
    }
  }
  if (into !== undefined && waiting.length > 0) yield { table: into.table, rows: waiting, count };
  return undefined;
}

function rowOf(columns: readonly string[], cells: readonly Bindable[]): TableRow {
  const row: Record<string, Bindable> = {};
  for (const [index, column] of columns.entries()) row[column] = cells[index] ?? null;
  return row;
}

/** The end of each partner's record, or of one alone. */
export async function headsOf(
  connection: Connection,
  partnerId: number | null = null,
): Promise<readonly PartnerHead[]> {
  const reads = readsOn(connection);
  const heads: PartnerHead[] = [];
  for (const partner of await reads.estate.partners()) {
    if (partnerId !== null && partner.partnerId !== partnerId) continue;
    const { sequence, hash } = await reads.record.head(partner.partnerId);
    heads.push({ partner: partner.name, sequence, hash });
  }
  return heads;
}

export function rowsLineOf(line: string, place: number, damaged: (what: string) => Error): RowsLine {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as RowsLine;
  } catch {
    // Said below, as for any other line that is not one of these.
  }
  throw damaged(`line ${place} is not JSON`);
}

export function isRow(value: RowsLine): value is readonly Bindable[] {
  return (
    Array.isArray(value) &&
    value.every((cell) => cell === null || typeof cell === 'string' || Number.isSafeInteger(cell))
  );
}

export function memberOf(value: RowsLine, name: string): unknown {
  return Array.isArray(value) ? undefined : Reflect.get(value, name);
}

function tableOf(value: RowsLine, place: number, damaged: (what: string) => Error) {
  const table = tables.find(({ table: name }) => name === memberOf(value, 'table'));
  if (table === undefined || JSON.stringify(memberOf(value, 'columns')) !== JSON.stringify(columnsOf(table)))
    throw damaged(`line ${place} names a table that there is not`);
  return { table, columns: columnsOf(table) };
}
