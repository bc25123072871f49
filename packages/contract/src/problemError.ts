/** A caller's mistake, or a state of the server that the caller has to know of, by its code in the registry of problems. */

import { type FieldProblem, type ProblemCode, problems } from './problems.ts';

export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[];
  /** How many fields or lines are wrong, where not all of them are named. */
  readonly errorCount: number;
  /** The numbers that decided, for a program to read; instants as ISO 8601. */
  readonly numbers: Readonly<Record<string, number | string>> | undefined;

  constructor(
    code: ProblemCode,
    {
      detail,
      errors = [],
      errorCount = errors.length,
      numbers,
      cause,
    }: {
      detail?: string;
      errors?: readonly FieldProblem[];
      errorCount?: number;
      numbers?: Readonly<Record<string, number | string>> | undefined;
      /** What failed beneath, for the log alone. */
      cause?: unknown;
    } = {},
  ) {
    super(detail ?? problems[code].title, cause === undefined ? {} : { cause });
    this.code = code;
    this.errors = errors;
    this.errorCount = errorCount;
    this.numbers = numbers;
  }
}
