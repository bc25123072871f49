/** Ids in paths that are numbers of ours. */

import { type ProblemCode, ProblemError } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';

const notFound = {
  groupId: 'group_not_found',
  lineId: 'line_not_found',
  poolId: 'pool_not_found',
} as const satisfies Record<string, ProblemCode>;

const wholeNumber = /^[1-9]\d{0,15}$/;

/** What is no such number is the id of nothing, and is answered as one that there is not. */
export function numberedIdOf({ params }: FastifyRequest, name: keyof typeof notFound): number {
  const text = (params as Readonly<Record<string, string>>)[name] ?? '';
  const id = Number(text);
  if (!wholeNumber.test(text) || !Number.isSafeInteger(id)) throw new ProblemError(notFound[name]);
  return id;
}
