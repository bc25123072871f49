/**
 * Bodies of the partner contract, as its real clients send them: names in any case, nulls for what is not there, or nothing at all.
 *
 * What is not known is refused with a hint, never ignored: a filter that is not looked at would answer with every customer.
 */

import { type FieldProblem, fieldProblem, ProblemError } from '@seatledger/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { compileBodyCheck } from './validation.ts';

type Members = Readonly<Record<string, unknown>>;

/** What of a schema says which names there are. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** Takes JSON, and nothing for what is empty. What is wrong with the text is not told: it may hold a password. */
export function takePartnerBodies(surroundings: FastifyInstance): void {
  surroundings.removeContentTypeParser('application/json');
  surroundings.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    const json = String(text).replace(/^\u{FEFF}/u, '');
    try {
      done(null, json.trim() === '' ? null : JSON.parse(json));
    } catch {
      done(new ProblemError('body_invalid', { detail: 'The request body is not JSON.' }));
    }
  });
}

/** A reader of bodies, which are what this JSON schema says once they are read. It throws `body_invalid`. */
export function partnerBodies(schema: object): (request: FastifyRequest) => unknown {
  const check = compileBodyCheck(schema);
  return ({ body }) => {
    const problems: FieldProblem[] = [];
    const folded = fold(body ?? {}, schema, '', problems);
    if (problems.length > 0)
      throw new ProblemError('body_invalid', {
        errors: problems.slice(0, fieldsNamedMax),
        errorCount: problems.length,
      });
    check(folded);
    return folded;
  };
}

/** The member of a body that was not read yet, by its name in any case. */
export function memberOf({ body }: FastifyRequest, name: string): unknown {
  const wanted = name.toLowerCase();
  const found = Object.entries(isMembers(body) ? body : {}).find(([key]) => key.toLowerCase() === wanted);
  return found?.[1];
}

/** The value with the names that the schema has for its members, and without those that are null. */
function fold(value: unknown, { items, properties }: Shape, path: string, problems: FieldProblem[]): unknown {
  if (Array.isArray(value)) {
    if (items === undefined) return value;
    return value.map((item, index) => fold(item, items, `${path}${index}.`, problems));
  }
  if (properties === undefined || !isMembers(value)) return value;
  const names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
  const folded = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) {
    const name = names.get(key.toLowerCase());
    const property = name === undefined ? undefined : properties[name];
    if (name === undefined || property === undefined)
      problems.push(unknownField(`${path}${key}`, key, [...names.values()]));
    else if (folded.has(name)) problems.push(fieldProblem(`${path}${name}`, 'field_twice'));
    else folded.set(name, fold(member, property, `${path}${name}.`, problems));
  }
  return Object.fromEntries([...folded].filter(([, member]) => member !== null));
}

function unknownField(field: string, key: string, names: readonly string[]): FieldProblem {
  const meant = nearest(key.toLowerCase(), names);
  return fieldProblem(
    field.slice(0, fieldLengthMax),
    'field_unknown',
    meant === undefined ? {} : { message: `There is no such field. Did you mean ${meant}?` },
  );
}

/** How many names that are not known are told back, and how much of each. */
const fieldsNamedMax = 20;
const fieldLengthMax = 100;
/** How many letters two names may differ by, for one to be meant by the other. */
const lettersApartMax = 2;

/** The name that is meant: one that goes on where the other ends, or that differs by a letter or two. */
function nearest(key: string, names: readonly string[]): string | undefined {
  const others = names.map((name) => [name, name.toLowerCase()] as const);
  const [found] =
    others.find(([, name]) => key !== '' && (name.startsWith(key) || key.startsWith(name))) ??
    others.find(([, name]) => lettersApart(key, name) <= lettersApartMax) ??
    [];
  return found;
}

/** The distance of Levenshtein; more than is asked for where the lengths say so already. */
function lettersApart(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > lettersApartMax) return lettersApartMax + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index++) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at++) {
      const replaced = (row[at] ?? 0) + (one[index] === other[at] ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
