/** One statement for many parameters: what would be so many statements costs the work of one. */

import type { Bindable } from '../statement.ts';

interface ManyAtOnce {
  readonly text: string;
  /** An array for each parameter of the statement. */
  readonly values: readonly (readonly Bindable[])[];
}

const insertion = /^(insert into .+?) values \(\$1(?:, \$\d+)*\)(.*)$/s;
const selection = /^select (?!.* for (?:no key )?update)/s;

/**
 * The statement for all bindings, or undefined where it is none that can be: it selects without locks, or inserts a row of its parameters.
 * Rows come in the order of the bindings. Of an insertion that changes rows that are there, no two bindings may name one row: the engine
 * refuses to change a row twice in one statement.
 */
export function manyAtOnce(sql: string, bindings: readonly (readonly Bindable[])[]): ManyAtOnce | undefined {
  const { values, types, columns, given } = givenOf(bindings);
  const insert = insertion.exec(sql);
  if (insert !== null) {
    const [, head, tail] = insert;
    // Only a null of no type fits a column of any.
    const row = columns.map((column, index) => (types[index] === undefined ? 'null' : column)).join(', ');
    return { text: `${head} select ${row} from ${given} as given(${columns.join(', ')})${tail}`, values };
  }
  if (!selection.test(sql) || types.includes(undefined)) return undefined;
  return { text: `select found.* ${ofEach(sql, { given, columns })} order by given.place`, values };
}

/** Under this name a row of `rowOfEach` says which of the bindings it is of: their place, from 1. */
export const placeMember = 'given.place';

/** The text of the statement that gives the row of each of many bindings that has one. The statement takes no locks, and none of them is null. */
export function rowOfEach(sql: string, bindings: readonly Bindable[]): string {
  const { types, columns, given } = givenOf([bindings]);
  if (!selection.test(sql) || types.includes(undefined)) throw new Error('it cannot be asked for many');
  return `select given.place as "${placeMember}", found.* ${ofEach(sql, { given, columns })}`;
}

function givenOf(bindings: readonly (readonly Bindable[])[]) {
  const values = (bindings[0] ?? []).map((_, index) => bindings.map((row) => row[index] ?? null));
  const types = values.map(typeOf);
  const columns = values.map((_, index) => `p${index + 1}`);
  const given = `unnest(${types.map((type, index) => `$${index + 1}::${type ?? 'text'}[]`).join(', ')})`;
  return { values, types, columns, given };
}

function ofEach(sql: string, { given, columns }: { given: string; columns: readonly string[] }): string {
  const ofOne = sql.replaceAll(/\$(\d+)/g, 'given.p$1');
  // Without its offset the select would be joined, by a plan that goes through whole tables where they look small.
  const each = `lateral (${ofOne} offset 0) as found`;
  return `from ${given} with ordinality as given(${columns.join(', ')}, place) cross join ${each}`;
}

/** Of the values that are there; undefined where none is. */
function typeOf(values: readonly Bindable[]): 'int8' | 'text' | undefined {
  const some = values.find((value) => value !== null);
  if (some === undefined) return undefined;
  return typeof some === 'number' ? 'int8' : 'text';
}
