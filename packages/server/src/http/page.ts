/** Lists in pages: each goes on after the key that the one before ended at, so that every row is there once while rows change. */

import {
  type CustomerId,
  type FieldProblemCode,
  fieldProblem,
  parseCustomerId,
  ProblemError,
} from '@seatledger/contract';

const rowsDefault = 100;

export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** A page of what `read` gives after the position of the cursor. One row more than asked for tells whether there is a next page. */
export async function readPage<Row, Wire, Position>(
  { limit = rowsDefault, cursor }: PageQuery,
  {
    position,
    read,
    keyOf,
    toWire,
  }: {
    /** The position that the parts of a cursor name; undefined where they are not of this list. */
    position: (parts: readonly string[]) => Position | undefined;
    read: (after: Position | null, limit: number) => Promise<readonly Row[]>;
    keyOf: (row: Row) => readonly (number | string)[];
    toWire: (row: Row) => Wire;
  },
): Promise<{ data: Wire[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : positionOf(cursor, position);
  const rows = await read(after, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toWire),
    nextCursor: last !== undefined && rows.length > limit ? cursorOf(keyOf(last)) : null,
  };
}

/** A position as an opaque text. */
function cursorOf(parts: readonly (number | string)[]): string {
  return Buffer.from(parts.join(' ')).toString('base64url');
}

function positionOf<Position>(
  cursor: string,
  position: (parts: readonly string[]) => Position | undefined,
): Position {
  return (
    position(Buffer.from(cursor, 'base64url').toString('utf8').split(' ')) ??
    refuseParameter('cursor', 'cursor_invalid')
  );
}

/** The one part of a cursor that is a sequence. */
export function sequenceOf([text = '', ...more]: readonly string[]): number | undefined {
  const sequence = Number(text);
  return more.length === 0 && /^\d+$/.test(text) && Number.isSafeInteger(sequence) ? sequence : undefined;
}

/** The one part of a cursor that is a customer id. */
export function customerPosition([text = '', ...more]: readonly string[]): CustomerId | undefined {
  return more.length === 0 ? parseCustomerId(text) : undefined;
}

/** Refuses what one parameter says. */
export function refuseParameter(field: string, code: FieldProblemCode, message?: string): never {
  throw new ProblemError('parameter_invalid', {
    errors: [fieldProblem(field, code, message === undefined ? {} : { message })],
  });
}
