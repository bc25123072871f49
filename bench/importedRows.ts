/**
 * The peers of an import: the very rows that it left, written into the very tables of an empty store in one transaction.
 *
 * On SQLite a bare loop over prepared statements of `node:sqlite`, on PostgreSQL COPY. Both keep what is written as safe as the server does.
 * What it takes to read the rows out of the imported store is not counted.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type BenchStore, type Engine, makeStore } from './estate.ts';

/** What an import writes to, in an order that references allow. */
const tables = [
  'changes',
  'customers',
  'lines',
  'seat_snapshots',
  'holdings',
  'term_instants',
  'events',
] as const;

const rowsAtOnce = 10_000;

/** Milliseconds to write the rows of the store into an empty one. */
export async function writeAgain(engine: Engine, imported: BenchStore): Promise<number> {
  const empty = await makeStore(engine);
  try {
    const [from, to] = [imported.flags, empty.flags];
    if ('data' in from && 'data' in to) return writeLoop(from.data, to.data);
    if ('databaseUrl' in from && 'databaseUrl' in to) return await copy(from.databaseUrl, to.databaseUrl);
    throw new Error('both stores are of one engine');
  } finally {
    await empty.remove();
  }
}

function writeLoop(fromFolder: string, toFolder: string): number {
  const from = new DatabaseSync(join(fromFolder, 'seatledger.db'), { readOnly: true });
  const to = new DatabaseSync(join(toFolder, 'seatledger.db'));
  to.exec('pragma synchronous = full; pragma cache_size = -32768');
  if (to.prepare('pragma journal_mode').get()?.['journal_mode'] !== 'wal')
    throw new Error('the log is not WAL');
  for (const row of from.prepare('select * from partners').iterate()) insertInto(to, 'partners', row)(row);
  let taken = timed(() => to.exec('begin immediate'));
  for (const table of tables) {
    let insert: ((row: Row) => void) | undefined;
    for (const rows of inParts(from.prepare(`select * from ${table}`).iterate())) {
      insert ??= insertInto(to, table, rows[0] ?? {});
      const write = insert;
      taken += timed(() => {
        for (const row of rows) write(row);
      });
    }
  }
  taken += timed(() => to.exec('commit'));
  to.close();
  from.close();
  return taken;
}

export type Row = Record<string, SQLInputValue>;

/** A prepared insert of rows with all columns of the table, in its order; `onConflict` is SQL. */
export function insertInto(
  database: DatabaseSync,
  table: string,
  columns: Row,
  onConflict = '',
): (row: Row) => void {
  const places = Object.keys(columns).map(() => '?');
  const insert = database.prepare(`insert into ${table} values (${places.join(', ')}) ${onConflict}`);
  return (row) => void insert.run(...Object.values(row));
}

function* inParts(rows: Iterable<Row>): Generator<Row[]> {
  let part: Row[] = [];
  for (const row of rows) {
    if (part.push(row) < rowsAtOnce) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

async function copy(fromUrl: string, toUrl: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
  try {
    const fileOf = (table: string) => join(folder, table);
    await psql(
      fromUrl,
      ['partners', ...tables].map((table) => `\\copy ${table} to '${fileOf(table)}'`),
    );
    await psql(toUrl, [`\\copy partners from '${fileOf('partners')}'`]);
    const start = performance.now();
    const copies = tables.map((table) => `\\copy ${table} from '${fileOf(table)}'`);
    await psql(toUrl, ['begin', ...copies, 'commit']);
    return performance.now() - start;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function psql(url: string, commands: readonly string[]): Promise<void> {
  const flags = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...commands.flatMap((command) => ['-c', command])];
  const run = spawn('psql', [url, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(run, 'close')) as [number | null];
  if (code !== 0) throw new Error('psql could not do that');
}
