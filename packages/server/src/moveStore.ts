/**
 * Moves a store as a whole: writes everything in it to a file, and fills an empty store from one.
 *
 * The file is text: a header, the rows (`storeRows.ts`), and an end with the number of rows and a checksum of all that came before.
 */

import { createHash } from 'node:crypto';
import type { Connection } from './store/connection.ts';
import { schemaVersion } from './store/migrate.ts';
import { readsOn } from './store/stores.ts';
import { insertRows } from './store/tables.ts';
import { textLines } from './store/textLines.ts';
import { StoreUnavailableError } from './store/unavailable.ts';
import {
  headsOf,
  isRow,
  memberOf,
  type PartnerHead,
  readRows,
  rowLines,
  type RowsLine,
  rowsLineOf,
} from './storeRows.ts';

const format = 'seatledger-export';
const formatVersion = 1;

export interface MovedStore {
  readonly rows: number;
  /** The end of each partner's record. */
  readonly heads: readonly PartnerHead[];
}

/** Writes the store, which is read at one moment, piece by piece. */
export async function exportStore(
  connection: Connection,
  write: (text: string) => Promise<void>,
): Promise<MovedStore> {
  const digest = createHash('sha256');
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
  let rows = 0;
  for await (const line of rowLines(connection, null)) {
    await writeLine(line);
    if (Array.isArray(line)) rows++;
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
  let count = 0;
  for await (const { table, rows, count: soFar } of readRows(textLines(path), damaged)) {
    await insertRows(connection, table, rows);
    count = soFar;
  }
  return { rows: count, heads: await headsOf(connection) };
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
    const value = rowsLineOf(line, place, damaged);
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

function refuseOtherFormat(header: RowsLine): void {
  if (memberOf(header, 'format') !== format) throw damaged('it does not begin as one');
  const schema = memberOf(header, 'schema');
  if (memberOf(header, 'version') !== formatVersion || schema !== schemaVersion) {
    throw new StoreUnavailableError(
      'schema_newer',
      `The export has schema ${String(schema)}, and this version of seatledger reads ${schemaVersion}. Import it with the version that wrote it.`,
    );
  }
}

function damaged(what: string): StoreUnavailableError {
  return new StoreUnavailableError(
    'export_damaged',
    `The file is not a whole export of seatledger: ${what}. Export the store again, or copy the file anew.`,
  );
}
