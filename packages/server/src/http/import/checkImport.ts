/** Reads a whole file of subscription lines and finds everything that can be wrong with it by itself. */

import { type FieldProblem, fieldProblem, importErrorsNamedMax, ProblemError } from '@seatledger/contract';
import type { ImportRow } from '../../ledger/index.ts';
import { csvFields } from './csvFields.ts';
import { decodeUtf8 } from './decode.ts';
import { ndjsonFields } from './ndjsonFields.ts';
import { rowFromWire } from './rowFromWire.ts';

export type ImportFormat = 'csv' | 'ndjson';

/** The rows of the file, some at a time. Throws `import_invalid` at its end, naming the first bad lines and counting all. */
export async function* checkImport(
  bytes: AsyncIterable<Uint8Array>,
  format: ImportFormat,
): AsyncGenerator<readonly ImportRow[], undefined> {
  const errors: FieldProblem[] = [];
  let errorCount = 0;
  function refuse(problems: readonly FieldProblem[]) {
    errorCount += problems.length;
    errors.push(...problems.slice(0, importErrorsNamedMax - errors.length));
  }

  const text = decodeUtf8(bytes);
  try {
    for await (const part of format === 'csv' ? csvFields(text) : ndjsonFields(text)) {
      const rows: ImportRow[] = [];
      for (const row of part) {
        const checked = 'problems' in row ? row.problems : rowFromWire(row.fields, row.line);
        if (isRow(checked)) rows.push(checked);
        else refuse(checked);
      }
      yield rows;
    }
  } catch (error) {
    if (!isDecodingError(error)) throw error;
    refuse([fieldProblem('row', 'row_malformed', { message: 'The file is not UTF-8 text.' })]);
  }
  if (errorCount > 0) throw new ProblemError('import_invalid', { errors, errorCount });
  return undefined;
}

function isRow(checked: ImportRow | readonly FieldProblem[]): checked is ImportRow {
  return !Array.isArray(checked);
}

function isDecodingError(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
}
