/** The queries' connection on node-postgres. */

import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { type ClientBase, type CustomTypesConfig, type QueryConfig, types } from 'pg';
import type { Connection, ParametersOf } from '../connection.ts';
import { type Key, rowsByKey } from '../rowsByKey.ts';
import type { Schema } from '../schema.ts';
import { type Bindable, bindingsOf, type Statement } from '../statement.ts';
import { manyAtOnce, placeMember, rowOfEach } from './manyAtOnce.ts';
import { awayOr, isLost, isStalePlan } from './failures.ts';

/** Writes SQL for PostgreSQL and runs none. */
const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** `int8`, and `numeric`, which a sum of them is. */
const wholeNumberTypes: readonly number[] = [20, 1700];

/** Whole numbers come as texts, because they may not fit. Ours do: counts, instants and sequences. */
export const resultTypes: CustomTypesConfig = {
  getTypeParser: (id, format) =>
    wholeNumberTypes.includes(id) ? wholeNumberOf : types.getTypeParser(id, format),
};

function wholeNumberOf(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} does not fit a number`);
  return number;
}

/** How many statements are sent before the answers to them are waited for. */
const statementsAtOnce = 500;

/** From how many on they become one statement. It is parsed and planned each time, for tables grow under a long change. */
const manyMin = 20;
/** How many become one statement at the most. */
const manyMax = 1000;

/** No text of the database holds a NUL. It becomes what stands for a lone surrogate too, which no encoded text holds. */
function storable(value: Bindable): Bindable {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value;
}

interface Prepared {
  readonly name: string;
  readonly sql: string;
  readonly names: readonly string[];
  /** The same for many keys at once; made when it is first asked for. */
  ofEach?: string;
}
const preparedStatements = new WeakMap<object, Prepared>();
let lastName = 0;

function prepare(statement: Statement<unknown, unknown>): Prepared {
  let prepared = preparedStatements.get(statement);
  if (prepared === undefined) {
    const { sql, names } = statement.compile(builder);
    prepared = { name: `s${++lastName}`, sql, names };
    preparedStatements.set(statement, prepared);
  }
  return prepared;
}

/**
 * A session parses what is new to it by name. Where a later version has altered a table, the sessions of those that still run refuse
 * what they parsed before; under new names they parse it anew.
 */
let generation = 0;

/** One session that pipelines, or a pool of such that chooses one for each statement. */
export type Session = Pick<ClientBase, 'query'>;

export function postgresConnection(
  session: Session,
  { inTransaction }: { inTransaction: boolean },
): Connection {
  async function query<Parameters, Result>(
    source: Statement<Parameters, Result>,
    parameters: ParametersOf<Parameters>,
  ): Promise<Result[]> {
    const { name, sql, names } = prepare(source);
    return queryByName(name, sql, bindingsOf(names, parameters).map(storable));
  }

  async function queryByName<Result>(name: string, text: string, values: unknown[]): Promise<Result[]> {
    async function run(): Promise<Result[]> {
      const config: QueryConfig = { name: `${name}.${generation}`, text, values };
      const { rows } = await session.query<Result & object>(config);
      return rows;
    }
    const generationBefore = generation;
    try {
      return await run();
    } catch (error) {
      if (isStalePlan(error) && generation === generationBefore) generation++;
      // In a transaction, the failure has ended it: it is begun anew as a whole.
      if (inTransaction) throw error;
      if (!(isStalePlan(error) || isLost(error))) throw awayOr(error);
      return run().catch((again: unknown) => {
        throw awayOr(again);
      });
    }
  }

  async function firstOfEach(
    source: Statement<unknown, unknown>,
    keys: readonly Key[],
  ): Promise<readonly unknown[]> {
    const [only] = keys;
    if (only !== undefined && keys.length === 1) return [(await query(source, only))[0]];
    const prepared = prepare(source);
    const bindings = keys.map((key) => bindingsOf(prepared.names, key).map(storable));
    prepared.ofEach ??= rowOfEach(prepared.sql, bindings[0] ?? []);
    const values = prepared.names.map((_, index) => bindings.map((row) => row[index]));
    const rows = await queryByName<{ readonly [placeMember]: number }>(
      `${prepared.name}.each`,
      prepared.ofEach,
      values,
    );
    const found: unknown[] = keys.map(() => undefined);
    for (const { [placeMember]: place, ...row } of rows) found[place - 1] = row;
    return found;
  }

  /** What is sent together costs one round trip. */
  async function queryMany<Parameters, Result>(
    source: Statement<Parameters, Result>,
    many: readonly ParametersOf<Parameters>[],
  ): Promise<Result[]> {
    if (inTransaction && many.length >= manyMin) return queryAtOnce(source, many);
    return queryEach(source, many);
  }

  async function queryAtOnce<Parameters, Result>(
    source: Statement<Parameters, Result>,
    many: readonly ParametersOf<Parameters>[],
  ): Promise<Result[]> {
    const { sql, names } = prepare(source);
    const results: Result[] = [];
    for (let from = 0; from < many.length; from += manyMax) {
      const part = many.slice(from, from + manyMax);
      const one = manyAtOnce(
        sql,
        part.map((parameters) => bindingsOf(names, parameters).map(storable)),
      );
      const rows =
        one === undefined
          ? await queryEach(source, part)
          : (await session.query<Result & object>({ text: one.text, values: [...one.values] })).rows;
      for (const row of rows) results.push(row);
    }
    return results;
  }

  async function queryEach<Parameters, Result>(
    source: Statement<Parameters, Result>,
    many: readonly ParametersOf<Parameters>[],
  ): Promise<Result[]> {
    const results: Result[] = [];
    for (let from = 0; from < many.length; from += statementsAtOnce) {
      const sent = many.slice(from, from + statementsAtOnce).map((parameters) => query(source, parameters));
      for (const rows of await Promise.all(sent)) results.push(...rows);
    }
    return results;
  }

  return {
    hasOneWriter: false,
    all: query,
    first: async (source, parameters) => (await query(source, parameters))[0],
    firstByKey: rowsByKey(firstOfEach),
    async run(source, parameters) {
      await query(source, parameters);
    },
    allOfMany: queryMany,
    async runMany(source, many) {
      await queryMany(source, many);
    },
  };
}
