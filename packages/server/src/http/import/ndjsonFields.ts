/** Rows of NDJSON: one object a line, its members named as the columns. */

import { type FieldProblem, fieldProblem, type ImportColumn, importColumns } from '@seatledger/contract';
import type { FieldsOfRow } from './fields.ts';

/** The longest line, in characters. */
const lineLengthMax = 65_536;

/** The rows of each piece of the text that end in it. */
export async function* ndjsonFields(
  text: AsyncIterable<string>,
): AsyncGenerator<readonly FieldsOfRow[], undefined> {
  let line = 0;
  for await (const contents of linesOf(text)) {
    const rows: FieldsOfRow[] = [];
    for (const content of contents) {
      line++;
      if (content === undefined) {
        const message = `The line is longer than ${lineLengthMax} characters.`;
        rows.push({ line, problems: [fieldProblem('row', 'row_malformed', { message, line })] });
      } else if (content.trim() !== '') {
        rows.push(rowOf(content, line));
      }
    }
    yield rows;
  }
  return undefined;
}

/** Undefined stands for a line that is too long to be kept. */
async function* linesOf(
  text: AsyncIterable<string>,
): AsyncGenerator<readonly (string | undefined)[], undefined> {
  let rest = '';
  let isTooLong = false;
  for await (const chunk of text) {
    const lines: (string | undefined)[] = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (isTooLong && lines.length > 0) {
      lines[0] = undefined;
      isTooLong = false;
    }
    yield lines.map((line) => (line === undefined || line.length > lineLengthMax ? undefined : line));
    if (rest.length > lineLengthMax) {
      isTooLong = true;
      rest = '';
    }
  }
  if (isTooLong || rest !== '') yield [isTooLong ? undefined : rest];
  return undefined;
}

function rowOf(content: string, line: number): FieldsOfRow {
  let row: unknown;
  try {
    row = JSON.parse(content);
  } catch {
    return {
      line,
      problems: [fieldProblem('row', 'row_malformed', { message: 'The line is not JSON.', line })],
    };
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return {
      line,
      problems: [fieldProblem('row', 'row_malformed', { message: 'The line is not a JSON object.', line })],
    };
  }
  const problems: FieldProblem[] = [];
  const fields: { [Column in ImportColumn]?: string } = {};
  for (const [name, value] of Object.entries(row)) {
    const column = importColumns.find((known) => known === name);
    if (column === undefined) {
      problems.push(fieldProblem(name.slice(0, 64), 'column_unknown', { line }));
    } else if (typeof value === 'string' || Number.isSafeInteger(value)) {
      if (value !== '') fields[column] = String(value);
    } else if (value !== null) {
      problems.push(
        fieldProblem(column, 'value_invalid', { message: 'Use a text or a whole number.', line }),
      );
    }
  }
  return problems.length > 0 ? { line, problems } : { line, fields };
}
