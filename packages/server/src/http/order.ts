/** A write over HTTP as an order of a change: who sends it, why, once or again, and of which version. */

import { fieldProblem, ProblemError } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { ChangeKind, Changes, MakeChange } from '../changes.ts';
import type { ExpectedVersion } from '../record/index.ts';
import { callerOf } from './guard.ts';

/** Orders the change in the name of the app that sends the request. */
export type Order = <Kind extends ChangeKind>(
  request: FastifyRequest,
  kind: Kind,
  input: Changes[Kind]['input'],
) => Promise<Changes[Kind]['result']>;

export function ordersOf(make: MakeChange, clock: { now(): number }): Order {
  return (request, kind, input) => {
    const { partnerId, clientId } = callerOf(request);
    return make({
      kind,
      input,
      partnerId,
      actor: `app:${clientId}`,
      reason: reasonOf(request),
      idempotencyKey: idempotencyKeyOf(request),
      now: clock.now(),
    });
  };
}

/** Without quotes at its ends: those are of the quoted string, both or none. */
const idempotencyKeyForm = /^(?!")[\x21-\x7e]{1,255}(?<!")$/;

/**
 * The key, as it is or as the quoted string that the draft has it be; null where there is none.
 * Source: draft-ietf-httpapi-idempotency-key-header-07 section 2.1.
 */
function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const header = headers['idempotency-key'];
  if (header === undefined) return null;
  const key = typeof header === 'string' ? (/^"(.*)"$/.exec(header)?.[1] ?? header) : '';
  if (!idempotencyKeyForm.test(key))
    refuseHeader('Idempotency-Key', 'Use 1 to 255 visible ASCII characters.');
  return key;
}

const reasonLengthMax = 200;

/** Why the change is made: a text, percent-encoded where it is more than ASCII; null where there is none. */
export function reasonOf({ headers }: FastifyRequest): string | null {
  const header = headers['change-reason'];
  if (header === undefined) return null;
  const reason = decoded(String(header));
  if (reason === undefined || reason === '' || reason.length > reasonLengthMax || /\p{Cc}/u.test(reason))
    refuseHeader('Change-Reason', `Use 1 to ${reasonLengthMax} characters, percent-encoded where not ASCII.`);
  return reason;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const entityTags = /^(?:W\/)?"(\d{1,16})"$/;

/**
 * The versions that the caller accepts. Throws `version_required` where it names none.
 *
 * Tags that are not ours match nothing. A weak tag is taken for a strong one: some proxies weaken those that they pass on.
 */
export function expectedVersionOf({ headers }: FastifyRequest): ExpectedVersion {
  const header = headers['if-match'];
  if (header === undefined) throw new ProblemError('version_required');
  if (header.trim() === '*') return 'any';
  return header
    .split(',')
    .flatMap((tag) => entityTags.exec(tag.trim())?.[1] ?? [])
    .map(Number);
}

/** The entity tag of a version. */
export function entityTag(changedSequence: number): string {
  return `"${changedSequence}"`;
}

function refuseHeader(field: string, message: string): never {
  throw new ProblemError('parameter_invalid', {
    errors: [fieldProblem(field, 'value_invalid', { message })],
  });
}
