/**
 * SQL that is built once and run often.
 *
 * A statement is written with Kysely and compiled at its first use for the engine that runs it. Its parameters have names, so that one
 * compiled text serves every call; what the engine binds is found by them.
 */

import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** What both engines can bind. */
export type Bindable = number | string | null;

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type PlaceholdersOf<Parameters> = { readonly [Name in keyof Parameters]-?: RawBuilder<Parameters[Name]> };

interface CompiledStatement {
  readonly sql: string;
  /** The names of the parameters in the order in which the engine binds them. */
  readonly names: readonly string[];
}

export interface Statement<Parameters, Result> {
  compile(builder: Kysely<Schema>): CompiledStatement;
  /** The types of what goes in and comes out; never a value. */
  readonly types?: { parameters: Parameters; result: Result };
}

/** Declares a statement. `build` is called once for each engine. */
export function statement<Parameters, Result>(
  build: (db: Kysely<Schema>, parameters: PlaceholdersOf<Parameters>) => Compilable<Result>,
): Statement<Parameters, Result> {
  const placeholders = new Proxy({} as PlaceholdersOf<Parameters>, {
    get: (_, name) => sql.val(new Placeholder(String(name))),
  });
  return {
    compile(builder) {
      const compiled = build(builder, placeholders).compile();
      const names = compiled.parameters.map((parameter) => {
        if (!(parameter instanceof Placeholder))
          throw new Error('a statement takes its values from its parameters alone');
        return parameter.name;
      });
      return { sql: compiled.sql, names };
    },
  };
}

/** The values in the order in which the engine binds them. */
export function bindingsOf(
  names: readonly string[],
  parameters: Readonly<Record<string, Bindable>>,
): Bindable[] {
  return names.map((name) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`the statement's parameter ${name} was not given`);
    return value;
  });
}
