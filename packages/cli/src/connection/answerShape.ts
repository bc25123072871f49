/** Whether an answer has the members that a command prints. The server owns the whole schema; this end only refuses nonsense. */

import type { ImportReport } from '@seatledger/contract';

interface Primitives {
  string: string;
  number: number;
  boolean: boolean;
}

type Members<Shape extends Readonly<Record<string, keyof Primitives>>> = Readonly<Record<string, unknown>> & {
  readonly [Name in keyof Shape]: Primitives[Shape[Name]];
};

export function hasMembers<const Shape extends Readonly<Record<string, keyof Primitives>>>(
  value: unknown,
  shape: Shape,
): value is Members<Shape> {
  if (typeof value !== 'object' || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  return Object.entries(shape).every(([name, type]) => typeof members.get(name) === type);
}

export function isNothing(body: unknown): body is undefined {
  return body === undefined;
}

export function isImportReport(body: unknown): body is ImportReport {
  return (
    hasMembers(body, {
      dryRun: 'boolean',
      lines: 'number',
      added: 'number',
      changed: 'number',
      unchanged: 'number',
      ended: 'number',
      customersCreated: 'number',
    }) &&
    Array.isArray(body.endedLines) &&
    body.endedLines.every((line) =>
      hasMembers(line, { customerId: 'string', productType: 'number', resource: 'string', seats: 'number' }),
    )
  );
}
