/** Answers that a client may have already: their entity tags, and the 304 in place of them. Source: RFC 9110 sections 8.8 and 13. */

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../identity/index.ts';

/** Says what the answer depends on beside its URL; what was said before stays. */
export function varyBy(reply: FastifyReply, names: string): void {
  const before = reply.getHeader('vary');
  void reply.header('vary', before === undefined ? names : `${String(before)}, ${names}`);
}

/** Tags the answer, and answers 304 where the client has it already: then it says true. */
export function isAnsweredByTag(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  void reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  if (known === undefined || !hasTag(known, tag)) return false;
  void reply.code(304).send();
  return true;
}

/** Texts between quotes, which may hold commas; before them may stand that the tag is weak. */
const entityTags = /(?:W\/)?("[^"]*")/g;

/** Whether the list of tags has this one, weak or strong, or is `*`. */
function hasTag(list: string, tag: string): boolean {
  if (list.trim() === '*') return true;
  const opaque = tag.startsWith('W/') ? tag.slice(2) : tag;
  return [...list.matchAll(entityTags)].some(([, known]) => known === opaque);
}

/** A weak tag that is the same where all of the parts are. */
export function weakTag(parts: readonly unknown[]): string {
  return `W/"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`;
}

/** Who asks, as far as an answer depends on it: which app, which customers it sees now and what it may do now. */
export function rightsOf(caller: Caller): readonly unknown[] {
  const permissions = [...caller.permissions].filter((permission) => caller.may(permission));
  return [caller.clientId, caller.scopeVersion, ...permissions];
}
