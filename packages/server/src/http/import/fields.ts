/** The fields of one row of an imported file, before anybody knows what they mean. */

import type { FieldProblem, ImportColumn } from '@seatledger/contract';

/** A field that is absent, empty or null is undefined. */
export type ImportFields = { readonly [Column in ImportColumn]?: string | undefined };

export type FieldsOfRow =
  | { readonly line: number; readonly fields: ImportFields }
  | { readonly line: number; readonly problems: readonly FieldProblem[] };
