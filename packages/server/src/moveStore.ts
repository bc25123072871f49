/**
 * Moves a store as a whole: writes everything in it to a file, and fills an empty store from one.
 *
 * The file is text, one JSON value a line: a header, the rows of each table under the table's name and columns, and an end with the number
 * of rows and a checksum of all that came before. Signing keys are not in it: a store that is filled makes keys of its own.
 */

import { createHash } from 'node:crypto';
import type { Head } from './record/index.ts';
import type { Connection } from './store/connection.ts';
import { schemaVersion } from './store/migrate.ts';
import type { Bindable } from './store/statement.ts';
import { readsOn } from './store/stores.ts';
import { columnsOf, insertRows, tableRows, type TableRow, tables } from './store/tables.ts';
import { textLines } from './store/textLines.ts';
import { StoreUnavailableError } from './store/unavailable.ts';

const format = 'seatledger-export';
const formatVersion = 1;
/** How many rows are stored at once. */
const rowsAtOnce = 500;

export interface MovedStore {
  readonly rows: number;
  /** The end of each partner's record. */
  readonly heads: readonly (Pick<Head, 'hash' | 'sequence'> & { readonly partner: string })[];
}

/** Writes the store, which is read at one moment, piece by piece. */
export async function exportStore(
  connection: Connection,
  write: (text: string) => Promise<void>,
): Promise<MovedStore> {
  const digest = createHash('sha256');
  let rows = 0;
  let text = '';
  async function writeLine(value: unknown) {
    text += `${JSON.stringify(value)}\n`;
    if (text.length > 65_536) await flush();
  }
  async function flush() {
    digest.update(text);
    await write(text);
    text = '';
  }
  const heads = await headsOf(connection);
  await writeLine({ format, version: formatVersion, schema: schemaVersion, heads });
  for (const table of tables) {
    const columns = columnsOf(table);
    await writeLine({ table: table.table, columns });
    for await (const row of tableRows(connection, table, null)) {
      await writeLine(columns.map((column) => row[column]));
      rows++;
    }
  }
  await flush();
  await write(`${JSON.stringify({ rows, sha256: digest.digest('hex') })}\n`);
  return { rows, heads };
}

/** Fills the store from such a file. Throws `store_not_empty` and `export_damaged`; then nothing of it may be kept. */
export async function importStore(connection: Connection, path: string): Promise<MovedStore> {
  if ((await readsOn(connection).estate.partners()).length > 0) {
    throw new StoreUnavailableError(
      'store_not_empty',
      'The store is not empty. Import into one that is: a new data folder or a new database.',
    );
  }
  // Read once before anything is stored: what is altered might not even fit the tables.
  await refuseDamage(path);
  let into: { table: (typeof tables)[number]; columns: readonly string[] } | undefined;
  let waiting: TableRow[] = [];
  let rows = 0;
  async function store() {
    if (into !== undefined && waiting.length > 0) await insertRows(connection, into.table, waiting);
    waiting = [];
  }

  let place = 0;
  for await (const line of textLines(path)) {
    place++;
    const value = parsed(line, place);
    if (isRow(value)) {
      if (into === undefined || value.length !== into.columns.length)
        throw damaged(`line ${place} is a row of no table`);
      waiting.push(Object.fromEntries(into.columns.map((column, index) => [column, value[index] ?? null])));
      rows++;
      if (waiting.length === rowsAtOnce) await store();
    } else if (memberOf(value, 'table') !== undefined) {
      await store();
      into = tableOf(value, place);
    }
  }
  await store();
  return { rows, heads: await headsOf(connection) };
}

/** Reads the whole file for its header, its end and its checksum. */
async function refuseDamage(path: string): Promise<void> {
  const digest = createHash('sha256');
  let place = 0;
  let rows = 0;
  let isEnded = false;
  for await (const line of textLines(path)) {
    place++;
    if (isEnded) throw damaged(`line ${place} comes after its end`);
    const value = parsed(line, place);
    if (place === 1) refuseOtherFormat(value);
    if (isRow(value)) rows++;
    if (memberOf(value, 'sha256') === undefined) {
      digest.update(`${line}\n`);
    } else {
      isEnded = true;
      if (memberOf(value, 'rows') !== rows || memberOf(value, 'sha256') !== digest.digest('hex'))
        throw damaged('its checksum does not fit');
    }
  }
  if (!isEnded) throw damaged('its end is missing');
}

async function headsOf(connection: Connection): Promise<MovedStore['heads']> {
  const reads = readsOn(connection);
  const heads: { partner: string; sequence: number; hash: string }[] = [];
  for (const { partnerId, name } of await reads.estate.partners()) {
    const { sequence, hash } = await reads.record.head(partnerId);
    heads.push({ partner: name, sequence, hash });
  }
  return heads;
}

type Line = readonly Bindable[] | Readonly<Record<string, unknown>>;

function parsed(line: string, place: number): Line {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Line;
  } catch {
    // Said below, as for any other line that is not one of an export.
  }
  throw damaged(`line ${place} is not JSON`);
}

function isRow(value: Line): value is readonly Bindable[] {
  return (
    Array.isArray(value) &&
    value.every((cell) => cell === null || typeof cell === 'string' || Number.isSafeInteger(cell))
  );
}

function memberOf(value: Line, name: string): unknown {
  return Array.isArray(value) ? undefined : Reflect.get(value, name);
}

function refuseOtherFormat(header: Line): void {
  if (memberOf(header, 'format') !== format) throw damaged('it does not begin as one');
  const schema = memberOf(header, 'schema');
  if (memberOf(header, 'version') !== formatVersion || schema !== schemaVersion) {
    throw new StoreUnavailableError(
      'schema_newer',
      `The export has schema ${String(schema)}, and this version of seatledger reads ${schemaVersion}. Import it with the version that wrote it.`,
    );
  }
}

function tableOf(value: Line, place: number) {
  const table = tables.find(({ table: name }) => name === memberOf(value, 'table'));
  if (table === undefined || JSON.stringify(memberOf(value, 'columns')) !== JSON.stringify(columnsOf(table)))
    throw damaged(`line ${place} names a table that there is not`);
  return { table, columns: columnsOf(table) };
}

function damaged(what: string): StoreUnavailableError {
  return new StoreUnavailableError(
    'export_damaged',
    `The file is not a whole export of seatledger: ${what}. Export the store again, or copy the file anew.`,
  );
}
