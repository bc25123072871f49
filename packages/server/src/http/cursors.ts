/** Where the pages of a list go on: opaque texts, each good for what it was given for alone. */

import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { refuseParameter } from './page.ts';

/** The cursor of a position in the list that is asked for. */
export function cursorOf(request: FastifyRequest, parts: readonly (number | string)[]): string {
  return Buffer.from([markOf(request), ...parts].join(' ')).toString('base64url');
}

/** The parts of the position. Throws `parameter_invalid` where the cursor is of another list, or of the same asked for otherwise. */
export function partsOf(request: FastifyRequest, cursor: string): readonly string[] {
  const [mark, ...parts] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  return mark === markOf(request) ? parts : refuseParameter('cursor', 'cursor_invalid');
}

/** What is asked for, in short: the path and the query but for which page of it and how large. */
function markOf({ params, query, routeOptions }: FastifyRequest): string {
  const { cursor: _, limit: __, ...asked } = query as Readonly<Record<string, unknown>>;
  const named = Object.values(params as Readonly<Record<string, string>>).map((value) => value.toLowerCase());
  const sorted = Object.entries(asked).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([routeOptions.url, named, sorted]))
    .digest('base64url')
    .slice(0, 12);
}
