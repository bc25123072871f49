/** One statement for many rows: what is inserted row by row costs a call of the engine, and an answer of it, for each. */

const insertion = /^(insert into .+? values )(\((?:\?, )*\?\))([^?]*)$/s;

/** The statement that inserts so many rows of its parameters; undefined where it is none that inserts one row of them. */
export function manyRows(sql: string, rows: number): string | undefined {
  const insert = insertion.exec(sql);
  if (insert === null) return undefined;
  const [, head, row, tail] = insert;
  return `${head}${Array.from({ length: rows }, () => row).join(', ')}${tail}`;
}
