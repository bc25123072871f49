/** Lists in pages: each goes on after the key that the one before ended at, so that every row is there once while rows change. */

import { createHash } from 'node:crypto';
import {
  type CustomerId,
  type FieldProblemCode,
  fieldProblem,
  parseCustomerId,
  ProblemError,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';

const rowsDefault = 100;

interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** A page of what `read` gives after the position of the cursor. One row more than asked for tells whether there is a next page. */
export async function readPage<Row, Wire, Position>(
  request: FastifyRequest,
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
  const { limit = rowsDefault, cursor } = request.query as PageQuery;
  const after =
    cursor === undefined
      ? null
      : (position(partsOf(request, cursor)) ?? refuseParameter('cursor', 'cursor_invalid'));
  const rows = await read(after, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toWire),
    nextCursor: last !== undefined && rows.length > limit ? cursorOf(request, keyOf(last)) : null,
  };
}

/** The cursor of a position in the list that is asked for. */
export function cursorOf(request: FastifyRequest, parts: readonly (number | string)[]): string {
  return Buffer.from([markOf(request), ...parts].join(' ')).toString('base64url');
}

/** The parts of the position. Throws `parameter_invalid` where the cursor is of another list, or of the same asked for otherwise. */
export function partsOf(request: FastifyRequest, cursor: string): readonly string[] {
  const [mark, ...parts] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  return mark === markOf(request) ? parts : refuseParameter('cursor', 'cursor_invalid');
}

/** What is asked for, in short: the path and the query but for which page of it and how large. */
function markOf({ params, query, routeOptions }: FastifyRequest): string {
  const { cursor: _, limit: __, ...asked } = query as Readonly<Record<string, unknown>>;
  const named = Object.values(params as Readonly<Record<string, string>>).map((value) => value.toLowerCase());
  const sorted = Object.entries(asked).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([routeOptions.url, named, sorted]))
    .digest('base64url')
    .slice(0, 12);
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
