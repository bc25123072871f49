/** The partner contract as its clients use it. */

import assert from 'node:assert/strict';
import type { Send, SendOptions } from './send.ts';

export const partnerCustomers = '/partner/external/v3/general/customers';

export interface Batch<Row> {
  readonly data: readonly Row[];
  readonly metadata: { readonly pageIndex: number; readonly pageSize: number; readonly totalCount: number };
}

/** A page of a list. Fails unless it is answered. */
export async function batch<Row>(send: Send, path: string, options: SendOptions = {}): Promise<Batch<Row>> {
  const answer = await send('POST', path, options);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as Batch<Row>;
}

/** More pages than any list of a test has: a client that needs as many would never end. */
const pagesMax = 10_000;

/** Every row, as real clients collect them: page after page until there are as many as the last one said that there are. */
export async function collected<Row>(
  send: Send,
  path: string,
  {
    pageSize,
    body,
    between = async () => {},
  }: { pageSize: number; body?: unknown; between?: () => Promise<unknown> },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let pageIndex = 1; pageIndex <= pagesMax; pageIndex++) {
    const options = body === undefined ? {} : { body };
    const page = await batch<Row>(send, `${path}?pageIndex=${pageIndex}&pageSize=${pageSize}`, options);
    assert.deepEqual({ ...page.metadata, totalCount: 0 }, { pageIndex, pageSize, totalCount: 0 });
    assert.ok(page.data.length <= pageSize);
    rows.push(...page.data);
    if (rows.length >= page.metadata.totalCount) return rows;
    await between();
  }
  return assert.fail('the list has no end');
}
