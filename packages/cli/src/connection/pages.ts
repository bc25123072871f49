/** Lists that the management API gives in pages. */

import { hasMembers } from './answerShape.ts';
import type { Connection, GuardedOperation, OperationRequest, Reads } from './connection.ts';

interface Page<Row> {
  readonly data: readonly Row[];
  readonly nextCursor: string | null;
}

/** The most that a list gives at once: each page costs a request. */
const pageRows = '1000';

/** Every page of the list, in order. */
export async function* pagesOf<Row>(
  connection: Connection,
  operation: GuardedOperation,
  { request = {}, isRow }: { request?: OperationRequest; isRow: Reads<Row> },
): AsyncGenerator<readonly Row[], undefined> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query = { ...request.query, limit: pageRows, cursor };
    const page = await connection.call(operation, { ...request, query }, (body) => isPage(body, isRow));
    yield page.data;
    cursor = page.nextCursor;
  }
  return undefined;
}

function isPage<Row>(body: unknown, isRow: Reads<Row>): body is Page<Row> {
  return (
    hasMembers(body, {}) &&
    Array.isArray(body.data) &&
    body.data.every(isRow) &&
    (body.nextCursor === null || typeof body.nextCursor === 'string')
  );
}
