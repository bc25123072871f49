/** Requests of the management API as an app sends them, and what tests look at in the answers. */

import assert from 'node:assert/strict';
import type { RecordHead } from '@seatledger/contract';
import type { TestApp, TestServer } from './server.ts';

export interface SendOptions {
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Send = (method: string, path: string, options?: SendOptions) => Promise<Response>;

/** Sends with one token of the app. */
export async function sendAs(server: TestServer, app: TestApp): Promise<Send> {
  const authorization = `Bearer ${await server.token(app)}`;
  return (method, path, { body, headers } = {}) =>
    server.request(path, {
      method,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
}

/** What an answer shows: its body and its version. */
export interface Shown<Body> {
  readonly body: Body;
  readonly etag: string;
}

/** Fails unless the answer has this status and shows one thing in its version. */
export async function shown<Body extends { changedSequence: number }>(
  answer: Response,
  status = 200,
): Promise<Shown<Body>> {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  const body = JSON.parse(text) as Body;
  const etag = answer.headers.get('etag');
  assert.equal(etag, `"${body.changedSequence}"`);
  return { body, etag };
}

/** Fails unless the answer shows what was made, and the same is found at the path that it tells. */
export async function created<Body extends { changedSequence: number }>(
  send: Send,
  answer: Response,
): Promise<Shown<Body> & { path: string }> {
  const path = answer.headers.get('location');
  const made = await shown<Body>(answer, 201);
  assert.ok(path);
  assert.deepEqual(await shown(await send('GET', path)), made);
  return { ...made, path };
}

/** The last event of the partner's record. */
export async function lastEvent(send: Send): Promise<number> {
  const answer = await send('GET', '/api/v1/events/head');
  return ((await answer.json()) as RecordHead).sequence;
}

/** Every row of a list in pages of so many, with something done between any two pages. */
export async function paged<Row>(
  send: Send,
  path: string,
  limit: number,
  between: () => Promise<unknown> = async () => {},
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cursor = '';
  for (;;) {
    const answer = await send('GET', `${path}?limit=${limit}${cursor}`);
    assert.equal(answer.status, 200);
    const { data, nextCursor } = (await answer.json()) as { data: Row[]; nextCursor: string | null };
    assert.ok(data.length <= limit);
    rows.push(...data);
    if (nextCursor === null) return rows;
    assert.equal(data.length, limit);
    cursor = `&cursor=${encodeURIComponent(nextCursor)}`;
    await between();
  }
}
