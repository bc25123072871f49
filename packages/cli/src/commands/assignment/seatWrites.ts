/** Sends users in bulks, each of which is done as a whole or not at all, and adds up what became of them. */

import { randomUUID } from 'node:crypto';
import type { AssignmentReport, FieldProblem } from '@seatledger/contract';
import type { Connection, GuardedOperation } from '../../connection/connection.ts';
import { isUnanswered, sendWrite, type WriteFacts } from '../../connection/writes.ts';
import { Failure, localFailure } from '../../failure.ts';
import { isAssignmentReport } from './assignment.ts';
import type { NamedUser } from './namedUsers.ts';

interface SeatWrite {
  readonly operation: GuardedOperation;
  readonly path: string;
  readonly productType: number;
  /** Users by the id that is left of one whose address was erased. */
  readonly userIds?: readonly string[] | undefined;
}

export async function writeSeats(
  connection: Connection,
  { operation, path, productType, userIds }: SeatWrite,
  bulks: AsyncIterable<readonly NamedUser[]>,
  { reason, idempotencyKey = randomUUID() }: WriteFacts,
): Promise<AssignmentReport> {
  let total: AssignmentReport | undefined;
  let requests = 0;
  let usersDone = 0;

  async function send(
    named: { readonly users: readonly string[] } | { readonly userIds: readonly string[] },
  ) {
    requests++;
    // The same input is cut into the same bulks, so that each of them has the same key when the command is run again.
    const key = requests === 1 ? idempotencyKey : `${idempotencyKey}.${requests}`;
    const body = { productType, ...named };
    const report = await sendWrite(
      connection,
      { operation, path, body, reads: isAssignmentReport },
      { reason, idempotencyKey: key },
    );
    total = {
      ...report,
      changed: report.changed + (total?.changed ?? 0),
      unchanged: report.unchanged + (total?.unchanged ?? 0),
    };
  }

  if (userIds !== undefined) await send({ userIds });
  for await (const bulk of bulks) {
    try {
      await send({ users: bulk.map(({ user }) => user) });
    } catch (error) {
      throw error instanceof Failure ? bulkFailure(error, { bulk, usersDone }) : error;
    }
    usersDone += bulk.length;
  }
  return total ?? nobodyNamed();
}

function nobodyNamed(): never {
  throw localFailure('usage_wrong', 'No user is named.', {
    remedy: 'Name users on the command line, or in a file with --file.',
  });
}

/** Where in the file it is wrong, and what is done already. Nothing is repeated of what was named: these are people. */
function bulkFailure(
  failure: Failure,
  { bulk, usersDone }: { bulk: readonly NamedUser[]; usersDone: number },
): Failure {
  const { message, facts } = failure;
  return new Failure(usersDone === 0 ? message : `${message} The ${usersDone} users before are done.`, {
    ...facts,
    errors: facts.errors?.map((error) => placed(error, bulk)),
    remedy: isUnanswered(failure)
      ? 'Check the server, then run the command again: nobody gets or gives back a seat twice.'
      : facts.remedy,
  });
}

function placed(error: FieldProblem, bulk: readonly NamedUser[]): FieldProblem {
  const index = /^users\.(\d+)$/.exec(error.field)?.[1];
  const line = index === undefined ? undefined : bulk[Number(index)]?.line;
  return line === undefined ? error : { ...error, field: 'user', line };
}
