/** Compiled checks of what a request carries, and what their failures are called. */

import { type FieldProblem, type FieldProblemCode, fieldProblem, ProblemError } from '@seatledger/contract';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

const queryChecks = new Ajv({ useDefaults: true, allErrors: true, strict: true, strictTypes: false });
const bodyChecks = new Ajv({ useDefaults: true, strict: true, strictTypes: false });
for (const checks of [queryChecks, bodyChecks]) checks.addFormat('uuid', true).addFormat('date-time', true);

/**
 * Only query and body are checked by schema; what is in a path has errors of its own, told by the operation.
 *
 * A check is compiled for the first request that needs it: all of them together take longer than the rest of a start.
 */
export const compileCheck: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  if (httpPart !== 'querystring' && httpPart !== 'body') return () => true;
  const [checks, problem] = httpPart === 'body' ? [bodyChecks, bodyProblem] : [queryChecks, queryProblem];
  let validate: ValidateFunction | undefined;
  return (given: unknown) => {
    validate ??= checks.compile({ ...schema, additionalProperties: false });
    const value = httpPart === 'body' ? given : typedQuery(given, schema);
    return validate(value) ? { value } : { error: problem(validate.errors ?? []) };
  };
};

/** A query's values are texts: those of numbers and truth values become such. A text that is none stays, and the check refuses it. */
function typedQuery(query: unknown, schema: QuerySchema): object {
  const typed = { ...(query as object) } as Record<string, unknown>;
  for (const [name, { type }] of Object.entries(schema.properties ?? {})) {
    const text = typed[name];
    if (typeof text === 'string') typed[name] = readers[type ?? 'string']?.(text) ?? text;
  }
  return typed;
}

interface QuerySchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

/** They give undefined for a text that is no such value. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  integer: (text) => (/^-?\d{1,16}$/.test(text) ? Number(text) : undefined),
  number: (text) => (/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? finite(Number(text)) : undefined),
  boolean: (text) => truthValues.get(text),
};
const truthValues: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Of `1e309` JavaScript makes infinity, which a check of bounds lets pass. */
const finite = (number: number) => (Number.isFinite(number) ? number : undefined);

/** A check of a body by its schema, for where the framework does not check it. Throws `body_invalid`. */
export function compileBodyCheck(schema: object): (value: unknown) => void {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= bodyChecks.compile(schema);
    if (!validate(value)) throw bodyProblem(validate.errors ?? []);
  };
}

function queryProblem(failures: readonly ErrorObject[]): ProblemError {
  const isUnknown = failures.every(({ keyword }) => keyword === 'additionalProperties');
  return new ProblemError(isUnknown ? 'parameter_unknown' : 'parameter_invalid', {
    errors: failures.map(problemOf),
  });
}

function bodyProblem(failures: readonly ErrorObject[]): ProblemError {
  return new ProblemError('body_invalid', { errors: failures.map(problemOf) });
}

function problemOf({ keyword, instancePath, params, message }: ErrorObject): FieldProblem {
  const path = instancePath.slice(1).replaceAll('/', '.');
  const named = Object.entries<unknown>(params).find(
    ([name]) => name === 'missingProperty' || name === 'additionalProperty',
  );
  const field = [path, ...(named === undefined ? [] : [String(named[1])])]
    .filter((part) => part !== '')
    .join('.');
  const name = path.slice(path.lastIndexOf('.') + 1);
  const code = codesOfMember[name] ?? codesOfKeyword[keyword] ?? 'value_invalid';
  return fieldProblem(
    field === '' ? 'body' : field,
    code,
    code === 'value_invalid' && message !== undefined ? { message: `It ${message}.` } : {},
  );
}

const codesOfKeyword: Readonly<Record<string, FieldProblemCode>> = {
  additionalProperties: 'field_unknown',
  maxLength: 'value_too_long',
  required: 'value_required',
};

/** Members of which one sentence says all that they have to be, whatever is wrong with them. */
const codesOfMember: Readonly<Record<string, FieldProblemCode>> = {
  seats: 'seats_invalid',
  availableSeats: 'seats_invalid',
  assignedSeats: 'seats_invalid',
  startsAt: 'instant_invalid',
  expiresAt: 'instant_invalid',
  contractEndDate: 'instant_invalid',
};
