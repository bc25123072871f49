/** Rows of CSV, with a header that names the columns. */

import {
  type FieldProblem,
  fieldProblem,
  type ImportColumn,
  importColumns,
  requiredImportColumns,
} from '@seatledger/contract';
import { CsvError, parse } from 'csv-parse';
import type { FieldsOfRow } from './fields.ts';

/** The longest row, in characters: every field at its longest fits in many times over. */
const rowLengthMax = 65_536;

interface Position {
  /** The line that was read last, from 1. */
  readonly lines: number;
  /** How many lines were left out up to there. */
  readonly empty_lines: number;
}

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: Position;
}

/** The rows of each piece of the text. One that cannot be told from the next ends the file: what follows it would be guessed. */
export async function* csvFields(
  text: AsyncIterable<string>,
): AsyncGenerator<readonly FieldsOfRow[], undefined> {
  let columns: readonly ImportColumn[] | undefined;
  let last: Position = { lines: 0, empty_lines: 0 };
  try {
    for await (const part of parsedRows(text)) {
      const rows: FieldsOfRow[] = [];
      for (const { record, info } of part) {
        const line = lineAfter(last, info.empty_lines);
        last = info;
        if (columns !== undefined) {
          rows.push(rowOf(columns, record, line));
          continue;
        }
        const header = columnsOf(record);
        if ('problems' in header) return yield [{ line, problems: header.problems }];
        columns = header.columns;
      }
      yield rows;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = lineAfter(last, emptyLinesAt(error) ?? last.empty_lines);
    const message = `The row cannot be read: ${error.message}.`;
    return yield [{ line, problems: [fieldProblem('row', 'row_malformed', { message, line })] }];
  }
  if (columns === undefined) yield [{ line: 1, problems: missingColumns([]) }];
  return undefined;
}

/** The rows up to what cannot be read, and then its error: the stream that the parser is would keep back those it read just before. */
async function* parsedRows(text: AsyncIterable<string>): AsyncGenerator<readonly ParsedRow[], undefined> {
  const read: ParsedRow[] = [];
  const parser = parse({
    max_record_size: rowLengthMax,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record(record: string[], info) {
      read.push({ record, info });
      return null;
    },
  });
  // Each step is told of its own failure.
  parser.on('error', () => undefined);
  for await (const chunk of unixLines(text)) {
    const failure = await stepOf((done) => parser.write(chunk, done));
    yield read.splice(0);
    if (failure) throw failure;
  }
  const failure = await stepOf((done) => parser.end(done));
  yield read.splice(0);
  if (failure) throw failure;
  return undefined;
}

type Failure = Error | null | undefined;

function stepOf(take: (done: (failure?: Failure) => void) => void): Promise<Failure> {
  return new Promise((resolve) => take(resolve));
}

/** Every line ends as the parser counts lines, whatever it ended in. */
async function* unixLines(text: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of text) {
    const joined = rest + chunk;
    // What follows it decides whether a carriage return is a line break of its own.
    rest = joined.endsWith('\r') ? '\r' : '';
    yield joined.slice(0, joined.length - rest.length).replaceAll(/\r\n?/g, '\n');
  }
  if (rest !== '') yield '\n';
  return undefined;
}

/** The line on which a row begins: the one after the row before, but for those left out between them. */
function lineAfter(last: Position, emptyLines: number): number {
  return last.lines + 1 + emptyLines - last.empty_lines;
}

/** The parser puts the position of what it cannot read among the error's own properties. */
function emptyLinesAt({ empty_lines: emptyLines }: CsvError): number | undefined {
  return typeof emptyLines === 'number' ? emptyLines : undefined;
}

function columnsOf(
  header: readonly string[],
): { columns: readonly ImportColumn[] } | { problems: readonly FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const columns: ImportColumn[] = [];
  for (const name of header) {
    const column = importColumns.find((known) => known.toLowerCase() === name.toLowerCase());
    if (column === undefined) {
      const message = `There is no column ${JSON.stringify(name.slice(0, 64))}; the columns are ${importColumns.join(', ')}, separated by commas.`;
      problems.push(fieldProblem(name.slice(0, 64), 'column_unknown', { message, line: 1 }));
    } else if (columns.includes(column)) {
      problems.push(
        fieldProblem(column, 'column_unknown', { message: `The column ${column} is there twice.`, line: 1 }),
      );
    } else {
      columns.push(column);
    }
  }
  problems.push(...missingColumns(columns));
  return problems.length > 0 ? { problems } : { columns };
}

function missingColumns(columns: readonly ImportColumn[]): readonly FieldProblem[] {
  return requiredImportColumns
    .filter((column) => !columns.includes(column))
    .map((column) => fieldProblem(column, 'column_missing', { line: 1 }));
}

function rowOf(columns: readonly ImportColumn[], record: readonly string[], line: number): FieldsOfRow {
  if (record.length !== columns.length) {
    const message = `The row has ${record.length} fields, and the header ${columns.length}.`;
    return { line, problems: [fieldProblem('row', 'row_malformed', { message, line })] };
  }
  const fields: { [Column in ImportColumn]?: string } = {};
  columns.forEach((column, index) => {
    const value = record[index];
    if (value !== undefined && value !== '') fields[column] = value;
  });
  return { line, fields };
}
