/** Reads a backup: all of it is checked before anything of it is used. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import {
  type BackupHead,
  type BackupHeader,
  backupVersion,
  checkBackup,
  type WholeBackup,
} from '@seatledger/contract';
import { verifyChain } from './record/index.ts';
import { isBrokenRule } from './store/brokenRule.ts';
import type { Connection } from './store/connection.ts';
import { schemaVersion } from './store/migrate.ts';
import { readsOn } from './store/stores.ts';
import { insertRows, type TableRow } from './store/tables.ts';
import { linesOf } from './store/textLines.ts';
import { StoreUnavailableError } from './store/unavailable.ts';
import { headsOf, memberOf, type ReadRows, readRows, rowsLineOf } from './storeRows.ts';

export interface ReadBackup {
  readonly header: BackupHeader;
  readonly rows: number;
}

/** Told how much of the work is done, from 0 to 1. */
export type Progress = (done: number) => void;

/** A backup that is whole and of this version. */
export interface CheckedBackup {
  readonly path: string;
  readonly whole: WholeBackup;
}

/** Checks every byte of the file. Throws `backup_damaged` and `schema_newer`, and the error of the system where it cannot be read. */
export async function openBackup(path: string): Promise<CheckedBackup> {
  const check = checkBackup(createHash('sha256'));
  for await (const bytes of createReadStream(path)) check.take(bytes as Uint8Array);
  const found = check.end();
  if ('damage' in found) throw damaged(found.damage);
  const { version, schema } = found.header;
  if (version !== backupVersion || schema !== schemaVersion) {
    throw new StoreUnavailableError(
      'schema_newer',
      `The backup has format ${version} and schema ${schema}, and this version of seatledger reads format ${backupVersion} and schema ${schemaVersion}. Use the version that made it.`,
    );
  }
  return { path, whole: found };
}

/** Reads every row, and finds that they are as many as were written, and the heads those of the first line. Throws `backup_damaged`. */
export async function verifyBackup(backup: CheckedBackup, progress: Progress): Promise<ReadBackup> {
  const heads: BackupHead[] = [];
  let count = 0;
  for await (const read of rowsOf(backup, progress)) {
    if (read.table.table === 'partners') heads.push(...read.rows.map(headOf));
    count = read.count;
  }
  const { header } = backup.whole;
  refuseOtherHeads(heads, header);
  return { header, rows: count };
}

/**
 * Fills the empty store and proves the record that came out: every link of every chain, and each head that of the first line.
 * Throws `store_not_empty` and `backup_damaged`; then nothing of it may be kept.
 */
export async function restoreBackup(
  connection: Connection,
  backup: CheckedBackup,
  progress: Progress,
): Promise<ReadBackup> {
  const { estate, record } = readsOn(connection);
  if ((await estate.partners()).length > 0) {
    throw new StoreUnavailableError(
      'store_not_empty',
      'The store is not empty. Restore into one that is: a new data folder or a new database.',
    );
  }
  let count = 0;
  for await (const { table, rows, count: soFar } of rowsOf(backup, progress)) {
    await insertRows(connection, table, rows).catch((error: unknown) => {
      throw isBrokenRule(error) ? damaged(`rows of ${table.table} do not fit the others`) : error;
    });
    count = soFar;
  }
  for (const { partnerId, name } of await estate.partners()) {
    const chain = await verifyChain(record, partnerId);
    if (!chain.whole)
      throw damaged(
        `the record of partner ${name} does not hold: at event ${chain.sequence}, ${chain.reason}`,
      );
  }
  const { header } = backup.whole;
  refuseOtherHeads(await headsOf(connection), header);
  return { header, rows: count };
}

/** The rows of the file, which end with how many they are. */
async function* rowsOf(
  { path, whole: { rowsFrom, rowsTo } }: CheckedBackup,
  progress: Progress,
): AsyncGenerator<ReadRows, undefined> {
  const compressed = createReadStream(path, { start: rowsFrom, end: rowsTo - 1 });
  // What goes wrong at its beginning is thrown at its end.
  const texts: Readable = pipeline(compressed, createZstdDecompress(), () => undefined).setEncoding('utf8');
  let promised: unknown;
  async function* lines() {
    let place = 0;
    for await (const line of linesOf(texts)) {
      place++;
      if (promised !== undefined) throw damaged(`line ${place} comes after the last`);
      if (line.startsWith('{"rows"')) promised = memberOf(rowsLineOf(line, place, damaged), 'rows');
      else yield line;
    }
    return undefined;
  }
  let count = 0;
  try {
    for await (const read of readRows(lines(), damaged)) {
      yield read;
      count = read.count;
      progress(compressed.bytesRead / (rowsTo - rowsFrom));
    }
  } catch (error) {
    throw isOfCompression(error) ? damaged('its rows cannot be decompressed') : error;
  }
  if (promised !== count) throw damaged('it has not as many rows as were written');
  return undefined;
}

function isOfCompression(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ZSTD_');
}

function headOf(row: TableRow): BackupHead {
  return {
    partner: String(row['name']),
    sequence: Number(row['head_sequence']),
    hash: String(row['head_hash']),
  };
}

function refuseOtherHeads(heads: readonly BackupHead[], header: BackupHeader): void {
  const textOf = (of: readonly BackupHead[]) =>
    of
      .map(({ partner, sequence, hash }) => `${sequence} ${hash} ${partner}`)
      .toSorted()
      .join('\n');
  if (textOf(heads) !== textOf(header.heads)) throw damaged('its first line names other heads than its rows');
}

function damaged(what: string): StoreUnavailableError {
  return new StoreUnavailableError(
    'backup_damaged',
    `The file is not a whole backup of seatledger: ${what}. Use another backup, or copy the file anew.`,
  );
}
