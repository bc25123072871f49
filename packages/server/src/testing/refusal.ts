/** What a change is refused with. */

import assert from 'node:assert/strict';
import { type FieldProblemCode, ProblemError, type ProblemCode } from '@seatledger/contract';

/** Whether the error is the problem, with exactly these fields, each by its code. For `assert.rejects`. */
export function refusal(
  code: ProblemCode,
  fields: readonly (readonly [field: string, code: FieldProblemCode])[] = [],
  { errorCount }: { errorCount?: number } = {},
): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.code, code);
    assert.deepEqual(
      error.errors.map((problem) => [problem.field, problem.code]),
      fields,
    );
    if (errorCount !== undefined) assert.equal(error.errorCount, errorCount);
    return true;
  };
}
