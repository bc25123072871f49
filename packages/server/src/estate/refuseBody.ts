import { type FieldProblemCode, fieldProblem, ProblemError } from '@seatledger/contract';

/** Refuses what one member of a request's body says. */
export function refuseBody(field: string, code: FieldProblemCode, message?: string): never {
  throw new ProblemError('body_invalid', {
    errors: [fieldProblem(field, code, message === undefined ? {} : { message })],
  });
}
