/** The queries' connection on node:sqlite. Calls are synchronous beneath: nothing else runs between a call and its answer. */

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Connection, ParametersOf } from '../connection.ts';
import { rowsByKey } from '../rowsByKey.ts';
import type { Schema } from '../schema.ts';
import { type Bindable, bindingsOf, type Statement } from '../statement.ts';
import { manyRows } from './manyRows.ts';

/** Writes SQL for SQLite and runs none. */
const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

interface Prepared {
  readonly statement: StatementSync;
  readonly names: readonly string[];
  /** Made for `rowsAtOnce` rows when it is first asked for; null where the statement inserts none. */
  atOnce?: StatementSync | null;
}

/** How many rows one statement inserts. With more of them the calls are no part any more of what a row costs. */
const rowsAtOnce = 50;

/** How long a read waits for a lock that a checkpoint holds, in milliseconds. */
const busyTimeoutMs = 5000;

/** What one connection keeps of the file in memory. The system keeps what else is read of it; a large import gains from keeping what it writes. */
const cacheKibibytes = { reading: 16_384, writing: 32_768 };

/** Opens the database file. Only the writer creates it; the settings that belong to the file are kept in it. */
export function openDatabase(path: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
  if (!readOnly) {
    database.exec('pragma journal_mode = wal');
    // In WAL mode, only FULL makes a commit outlast a loss of power.
    database.exec('pragma synchronous = full');
    // What is deleted is overwritten: a person who is erased is not left in the free parts of the file.
    database.exec('pragma secure_delete = on');
  }
  database.exec(
    `pragma cache_size = -${readOnly ? cacheKibibytes.reading : cacheKibibytes.writing}; pragma temp_store = memory`,
  );
  return database;
}

export function sqliteConnection(database: DatabaseSync): Connection {
  const prepared = new WeakMap<object, Prepared>();

  function prepare(statement: Statement<unknown, unknown>): Prepared {
    let entry = prepared.get(statement);
    if (entry === undefined) {
      const { sql, names } = statement.compile(builder);
      entry = { statement: database.prepare(sql), names };
      prepared.set(statement, entry);
    }
    return entry;
  }

  const begin = database.prepare('begin');
  const commit = database.prepare('commit');
  /** To begin and end a transaction is a third of what a keyed read takes. */
  function inTransaction<Result>(read: () => Result): Result {
    begin.run();
    try {
      return read();
    } finally {
      // A failure of the engine may have ended it already.
      if (database.isTransaction) commit.run();
    }
  }

  function all<Parameters, Result>(
    source: Statement<Parameters, Result>,
    parameters: ParametersOf<Parameters>,
  ): Result[] {
    const { statement, names } = prepare(source);
    return statement.all(...bindingsOf(names, parameters)) as Result[];
  }

  function run<Parameters, Result>(
    source: Statement<Parameters, Result>,
    parameters: ParametersOf<Parameters>,
  ): void {
    const { statement, names } = prepare(source);
    statement.run(...bindingsOf(names, parameters));
  }

  function prepareAtOnce(entry: Prepared): StatementSync | null {
    if (entry.atOnce === undefined) {
      const sql = manyRows(entry.statement.sourceSQL, rowsAtOnce);
      entry.atOnce = sql === undefined ? null : database.prepare(sql);
    }
    return entry.atOnce;
  }

  return {
    hasOneWriter: true,
    all: async (source, parameters) => all(source, parameters),
    async first<Parameters, Result>(
      source: Statement<Parameters, Result>,
      parameters: ParametersOf<Parameters>,
    ) {
      const { statement, names } = prepare(source);
      return statement.get(...bindingsOf(names, parameters)) as Result | undefined;
    },
    // One after the other they find what the last one left in the processor's caches.
    firstByKey: rowsByKey(async (source, keys) => {
      const { statement, names } = prepare(source);
      const read = () => keys.map((key) => statement.get(...bindingsOf(names, key)));
      return keys.length === 1 || database.isTransaction ? read() : inTransaction(read);
    }),
    run: async (source, parameters) => run(source, parameters),
    allOfMany: async (source, many) => many.flatMap((parameters) => all(source, parameters)),
    async runMany(source, many) {
      const inGroups = many.length - (many.length % rowsAtOnce);
      const atOnce = inGroups === 0 ? null : prepareAtOnce(prepare(source));
      if (atOnce === null) {
        for (const parameters of many) run(source, parameters);
        return;
      }
      const { names } = prepare(source);
      const values: Bindable[] = [];
      for (let from = 0; from < inGroups; from += rowsAtOnce) {
        let at = 0;
        for (const parameters of many.slice(from, from + rowsAtOnce))
          for (const value of bindingsOf(names, parameters)) values[at++] = value;
        atOnce.run(...values);
      }
      for (const parameters of many.slice(inGroups)) run(source, parameters);
    },
  };
}
