/** What operations of the partner contract have in common. */

import { type TProperties, type TSchema, Type } from './type.ts';
import { writeHeaders } from './management.ts';
import { revisions } from './revisions.ts';

/** The headers of any operation of the contract. */
export const revisionHeaders = {
  'Api-Version': Type.Optional(
    Type.Enum(revisions, {
      description: "The contract revision of the answer. Default: the one that the app's registration pins.",
    }),
  ),
};

/** The headers of a write of the contract, which real clients send without. */
export const partnerWriteHeaders = { ...revisionHeaders, ...writeHeaders };

/** The most rows that a page has, and how many it has where nobody says. Source: the pages of 2025-10-11. */
export const pageSizeMax = 100;
export const pageSizeDefault = 50;
/** The largest index of a page: what clients keep in 32 bits. */
export const pageIndexMax = 2_147_483_647;
/** How many ids a filter can name. */
const filterIdsMax = 1000;

const pageIndex = { minimum: 1, maximum: pageIndexMax };
const pageSize = { minimum: 1, maximum: pageSizeMax };

/** The query of a list of the contract. */
export const pagingQuery = {
  pageIndex: Type.Optional(
    Type.Integer({ ...pageIndex, default: 1, description: 'The page, from 1. One past the end is empty.' }),
  ),
  pageSize: Type.Optional(
    Type.Integer({ ...pageSize, default: pageSizeDefault, description: 'Rows in a page.' }),
  ),
};

/** The body of a list of the contract: a filter of ids, and paging for those clients that send it there. */
export function batchBody<Name extends string>(title: string, filter: Name, description: string) {
  const ids = Type.Optional(Type.Array(Type.String(), { maxItems: filterIdsMax, description }));
  return Type.Object(
    {
      ...({ [filter]: ids } as Record<Name, typeof ids>),
      pageIndex: Type.Optional(Type.Integer({ ...pageIndex, description: 'Where the query has none.' })),
      pageSize: Type.Optional(Type.Integer({ ...pageSize, description: 'Where the query has none.' })),
    },
    {
      title,
      additionalProperties: false,
      description:
        'The case of names is ignored, and a member that is null is as one that is not there. Without a body nothing is filtered.',
      examples: [{}, { [filter]: ['4de84505-fa99-5266-a644-e6bac921c6c9'] }, { pageIndex: 1, pageSize: 100 }],
    },
  );
}

/** A page of a list of the contract. */
export function batchOf<Row extends TSchema>(title: string, row: Row) {
  return Type.Object(
    {
      data: Type.Array(row),
      metadata: Type.Object(
        {
          pageIndex: Type.Integer(),
          pageSize: Type.Integer(),
          totalCount: Type.Integer({ description: 'How many rows there were when this page was read.' }),
        },
        { title: 'PageMetadata', additionalProperties: false },
      ),
    },
    { title, additionalProperties: false },
  );
}

/** A body of the contract that names what is to be made. */
export function partnerBody<Properties extends TProperties>(
  title: string,
  properties: Properties,
  examples: readonly object[],
) {
  return Type.Object(properties, {
    title,
    additionalProperties: false,
    description: 'The case of names is ignored, and a member that is null is as one that is not there.',
    examples,
  });
}

/** The problems of any list of the contract. */
export const batchProblems = ['api_version_unknown', 'body_invalid', 'parameter_invalid'] as const;

/** The problems of any write of the contract. */
export const partnerWriteProblems = [
  'api_version_unknown',
  'body_invalid',
  'parameter_invalid',
  'idempotency_key_in_use',
  'idempotency_key_reused',
  'storage_full',
] as const;
