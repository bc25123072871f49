/** A stream of server-sent events as a test reads it. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get as request, type IncomingMessage } from 'node:http';
import type { RecordedEvent } from '@seatledger/contract';

/** One block of the stream: its fields, and undefined data where it is no event. */
interface StreamBlock {
  readonly id: number | undefined;
  readonly event: string | undefined;
  readonly data: RecordedEvent | undefined;
  readonly isComment: boolean;
}

export interface TestStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The next block; undefined once the stream has ended as a whole. Fails where it breaks off. */
  next(): Promise<StreamBlock | undefined>;
  /** The next so many events, whatever lies between them. */
  events(count: number): Promise<readonly RecordedEvent[]>;
  /** The last id that came. */
  readonly lastId: number | undefined;
  /** Resolves once the server has ended the stream. */
  ended(): Promise<void>;
  close(): void;
}

export async function openStream(
  url: string,
  { token, query = '', lastEventId }: { token: string; query?: string; lastEventId?: number | string },
): Promise<TestStream> {
  const sent = request(`${url}/api/v1/events/stream${query}`, {
    agent: false,
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
    },
  });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks = answer.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
  let text = '';
  let lastId: number | undefined;

  async function next(): Promise<StreamBlock | undefined> {
    while (!text.includes('\n\n')) {
      const { value, done } = await chunks.next();
      if (done) return undefined;
      text += value;
    }
    const end = text.indexOf('\n\n');
    const block = blockOf(text.slice(0, end));
    text = text.slice(end + 2);
    lastId = block.id ?? lastId;
    return block;
  }

  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    next,
    async events(count) {
      const events: RecordedEvent[] = [];
      while (events.length < count) {
        const block = await next();
        assert.ok(block, `the stream ended after ${events.length} events`);
        if (block.data !== undefined) events.push(block.data);
      }
      return events;
    },
    get lastId() {
      return lastId;
    },
    async ended() {
      while ((await next()) !== undefined);
    },
    close: () => sent.destroy(),
  };
}

function blockOf(text: string): StreamBlock {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
    assert.ok(['', 'id', 'event', 'data', 'retry'].includes(name), line);
    assert.equal(fields.has(name), false, line);
    fields.set(name, value);
  }
  const [id, data] = [fields.get('id'), fields.get('data')];
  return {
    id: id === undefined ? undefined : Number(id),
    event: fields.get('event'),
    data: data === undefined ? undefined : (JSON.parse(data) as RecordedEvent),
    isComment: fields.has(''),
  };
}
