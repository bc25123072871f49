/** What operations of the management API have in common. */

import { type Static, type TSchema, Type } from './type.ts';
import { customerIdPattern } from './customers.ts';
import { seatsMax } from './seats.ts';

/** A body of an answer. Its examples are of its schema. */
export function jsonContent<Schema extends TSchema>(
  schema: Schema,
  examples: Readonly<Record<string, Static<Schema>>>,
) {
  return { 'application/json; charset=utf-8': { schema, examples } } as const;
}

/** A page of a list: rows in the order of their key, and where the next page begins. */
export function pageOf<Row extends TSchema>(title: string, row: Row) {
  return Type.Object(
    {
      data: Type.Array(row),
      nextCursor: Type.Union([Type.String(), Type.Null()], {
        description: 'What to send as cursor for the next page; null on the last.',
      }),
    },
    { title, additionalProperties: false },
  );
}

/** The query of a list in pages. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Rows in a page.' }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 512, description: 'The nextCursor of the page before.' }),
  ),
};

/** Seats in a body. */
export const seatsOfBody = Type.Integer({ minimum: 0, maximum: seatsMax });

const instantText = { maxLength: 40, description: 'ISO 8601: a date, or date and time with Z or an offset.' };

/** An instant in a body. */
export const instantOfBody = Type.String(instantText);
/** An end in a body. */
export const endOfBody = Type.Unsafe<string | null>({
  ...instantText,
  type: ['string', 'null'],
  description: `${instantText.description} Null means without end.`,
});

/** A member of an answer that may be null. */
export function orNull<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

export const changedSequence = Type.Integer({
  description: 'The event of the record that it last changed with.',
});

/** The headers of an answer that shows one thing in its version. */
export const versionHeaders = { ETag: 'The version, for If-Match of a change.' } as const;

/** The headers of an answer that shows what was made. */
export const createdHeaders = { Location: 'The path of what was made.', ...versionHeaders } as const;

/** Why a write is made. */
export const changeReasonHeader = {
  'Change-Reason': Type.Optional(
    Type.String({
      description:
        'Why the change is made, for the record: up to 200 characters, percent-encoded where not ASCII.',
    }),
  ),
};

/** The headers of any write. */
export const writeHeaders = {
  'Idempotency-Key': Type.Optional(
    Type.String({
      description:
        'Names the request, 1 to 255 visible ASCII characters: sent again with the same key within 24 hours, it is not done twice and answers as the first time.',
    }),
  ),
  ...changeReasonHeader,
};

/** The headers of a change of something that is there. */
export const changeHeaders = {
  'If-Match': Type.String({
    examples: ['*'],
    description: 'The ETag of the version that is to be changed, or * for whichever is there.',
  }),
  ...writeHeaders,
};

export const customerPath = {
  customerId: Type.String({
    pattern: customerIdPattern,
    description: 'The id of the customer; case is ignored.',
  }),
};

/** The problems of any write of the management API. */
export const writeProblems = [
  'parameter_invalid',
  'parameter_unknown',
  'idempotency_key_in_use',
  'idempotency_key_reused',
  'storage_full',
] as const;

/** The problems of a change of something that is there. */
export const changeProblems = [...writeProblems, 'version_changed', 'version_required'] as const;
