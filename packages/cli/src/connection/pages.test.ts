import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@seatledger/contract';
import { localFailure } from '../failure.ts';
import type { Connection, OperationRequest } from './connection.ts';
import { pagesOf } from './pages.ts';

/** Answers one body after the other and keeps what was asked. */
function answering(bodies: readonly unknown[]): { connection: Connection; asked: OperationRequest[] } {
  const asked: OperationRequest[] = [];
  const connection: Connection = {
    async call(_, request, reads) {
      const body = bodies[asked.length];
      asked.push(request);
      if (!reads(body)) throw localFailure('answer_unreadable', 'not a page');
      return body;
    },
    version: () => assert.fail('no version is asked for'),
    lines: () => assert.fail('no lines are asked for'),
    pieces: () => assert.fail('no lines are asked for'),
    bytes: () => assert.fail('no lines are asked for'),
  };
  return { connection, asked };
}

function isNumber(row: unknown): row is number {
  return typeof row === 'number';
}

async function rowsOf(bodies: readonly unknown[]) {
  const { connection, asked } = answering(bodies);
  const rows: number[] = [];
  const request = { path: '/x', query: { productType: '2048' } };
  for await (const page of pagesOf(connection, operations.listSeats, { request, isRow: isNumber }))
    rows.push(...page);
  return { rows, asked };
}

test('pages are followed to the last one, each asked for what the first was', async () => {
  const { rows, asked } = await rowsOf([
    { data: [1, 2], nextCursor: 'a' },
    { data: [], nextCursor: 'b' },
    { data: [3], nextCursor: null },
  ]);
  assert.deepEqual(rows, [1, 2, 3]);
  assert.deepEqual(
    asked.map(({ path, query }) => [path, query?.['productType'], query?.['limit'], query?.['cursor']]),
    [
      ['/x', '2048', '1000', undefined],
      ['/x', '2048', '1000', 'a'],
      ['/x', '2048', '1000', 'b'],
    ],
  );
});

test('what is no page is refused, so that no list ends early', async () => {
  for (const body of [{ data: [1] }, { data: 1, nextCursor: null }, { data: ['x'], nextCursor: null }, []])
    await assert.rejects(rowsOf([body]));
});
