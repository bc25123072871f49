/**
 * The peer of a write: the very rows that it left, written into the very tables of a copy of the store, in a transaction for each.
 *
 * What it takes to read the rows out of the store of the server is not counted, and nothing is looked up, checked or hashed.
 */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { insertInto, type Row } from './importedRows.ts';

export interface WrittenRows {
  /** Writes again what the server wrote since the last call; how many writes these were, and milliseconds. */
  writeOn(): { readonly writes: number; readonly tookMs: number };
  close(): void;
}

/** What adding a line writes to, and how its row is found by the event. */
const tables = {
  lines: '(partner_id, customer_id, line_id) = (1, :customer, :sequence)',
  events: '(partner_id, sequence) = (1, :sequence)',
  changes: '(partner_id, last_sequence) = (1, :sequence)',
  seat_snapshots: '(partner_id, customer_id, product_type, sequence) = (1, :customer, :product, :sequence)',
} as const;
type Table = keyof typeof tables;

/** Of the store in one folder into its copy in the other, from when the copy was made. Both keep what is written equally safe. */
export function writtenRows(fromFolder: string, toFolder: string): WrittenRows {
  const from = new DatabaseSync(join(fromFolder, 'seatledger.db'), { readOnly: true });
  const to = new DatabaseSync(join(toFolder, 'seatledger.db'));
  to.exec('pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32768');
  const read = readerOf(from);
  const write = writerTo(to);
  let last = Number(to.prepare('select head_sequence from partners').get()?.['head_sequence']);
  return {
    writeOn() {
      const rows = [...read(last)];
      last = Number(rows.at(-1)?.changes['last_sequence'] ?? last);
      const start = performance.now();
      for (const one of rows) write(one);
      return { writes: rows.length, tookMs: performance.now() - start };
    },
    close() {
      from.close();
      to.close();
    },
  };
}

type Rows = Readonly<Record<Table, Row>>;

function readerOf(database: DatabaseSync): (after: number) => Generator<Rows> {
  const added = database.prepare(
    `select sequence, customer_id as customer, after ->> '$.productType' as product from events
     where partner_id = 1 and sequence > ? and kind = 'line.added' order by sequence`,
  );
  const names = Object.keys(tables) as Table[];
  const selects = names.map((name) => {
    const select = database.prepare(`select * from ${name} where ${tables[name]}`);
    select.setAllowUnknownNamedParameters(true);
    return [name, select] as const;
  });
  return function* (after) {
    for (const key of added.iterate(after)) {
      const rows = selects.map(([name, select]) => [name, select.get({ ...key })] as const);
      if (rows.some(([, row]) => row === undefined)) throw new Error('a line that was added left no row');
      yield Object.fromEntries(rows) as Rows;
    }
  };
}

function writerTo(database: DatabaseSync): (rows: Rows) => void {
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const moveHead = database.prepare(
    'update partners set head_sequence = ?, head_recorded_at = ?, head_hash = ? where partner_id = 1',
  );
  const columnsOf = (table: string): Row =>
    Object.fromEntries(
      database
        .prepare(`select name from pragma_table_info('${table}')`)
        .all()
        .map(({ name }) => [String(name), null]),
    );
  const insert = (table: string, onConflict?: string) =>
    insertInto(database, table, columnsOf(table), onConflict);
  const [line, event, change] = [insert('lines'), insert('events'), insert('changes')];
  const snapshot = insert('seat_snapshots');
  const holding = insert(
    'holdings',
    `on conflict (partner_id, customer_id, product_type) do update set sequence = excluded.sequence,
       timeline = excluded.timeline, sources = excluded.sources, assigned = excluded.assigned`,
  );
  const instant = insert('term_instants', 'on conflict do nothing');
  return ({ lines, events, changes, seat_snapshots: snapshots }) => {
    begin.run();
    line(lines);
    snapshot(snapshots);
    holding(snapshots);
    instant({ partner_id: 1, at: lines['starts_at'] ?? null });
    event(events);
    change(changes);
    moveHead.run(changes['last_sequence'] ?? null, changes['recorded_at'] ?? null, changes['hash'] ?? null);
    commit.run();
  };
}
