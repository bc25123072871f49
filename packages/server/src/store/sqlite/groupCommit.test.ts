import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { ProblemError } from '@seatledger/contract';
import { openDatabase } from './connection.ts';
import { type ChangeReply, commitInGroups } from './groupCommit.ts';

/** A change of a table of texts. */
interface Order {
  readonly text: string;
  readonly end?: 'refuse' | 'discard' | 'break';
}

const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let writing: DatabaseSync;
let reading: DatabaseSync;
let port: MessagePort;
let lastFile = 0;

beforeEach(() => {
  const path = join(folder, `${++lastFile}.db`);
  writing = openDatabase(path, { readOnly: false });
  writing.exec('create table texts (text text) strict');
  reading = openDatabase(path, { readOnly: true });
  const channel = new MessageChannel();
  port = channel.port1;
  commitInGroups<Order>({
    port: channel.port2,
    database: writing,
    isLong: ({ text }) => text.startsWith('long'),
    async apply({ text, end }) {
      const committedBefore = committed().length;
      writing.prepare('insert into texts values (?)').run(text);
      if (end === 'refuse') throw new ProblemError('partner_exists');
      if (end === 'break') throw new Error('broken');
      return { keep: end !== 'discard', result: { text, committedBefore } };
    },
  });
});
afterEach(() => {
  port.close();
  reading.close();
});

const committed = () =>
  reading
    .prepare('select text from texts')
    .all()
    .map(({ text }) => text);

/** Sends the orders at once; each answer comes with what another connection saw when it came. */
function make(
  orders: readonly Order[],
): Promise<readonly { reply: ChangeReply; seen: readonly unknown[] }[]> {
  return new Promise((resolve) => {
    const replies: { reply: ChangeReply; seen: readonly unknown[] }[] = [];
    port.on('message', (group: readonly ChangeReply[]) => {
      for (const reply of group) replies.push({ reply, seen: committed() });
      if (replies.length < orders.length) return;
      port.removeAllListeners('message');
      resolve(replies);
    });
    orders.forEach((order, id) => port.postMessage([{ id, order }]));
  });
}

function resultOf(reply: ChangeReply): { text: string; committedBefore: number } | undefined {
  return 'result' in reply ? (reply.result as { text: string; committedBefore: number }) : undefined;
}
const textOf = (reply: ChangeReply) => resultOf(reply)?.text;
const committedBefore = (reply: ChangeReply) => resultOf(reply)?.committedBefore;

describe('the writer', () => {
  test('answers a change once everybody can read it, and in the order of the changes', async () => {
    const orders = Array.from({ length: 50 }, (_, index) => ({ text: `change ${index}` }));
    const answers = await make(orders);
    assert.deepEqual(
      answers.map(({ reply }) => textOf(reply)),
      orders.map(({ text }) => text),
    );
    for (const [index, { seen }] of answers.entries()) assert.ok(seen.includes(`change ${index}`));
  });

  test('keeps what is kept beside what is not, group after group, and each once', async () => {
    const kept: string[] = [];
    // What comes after a group of which all was kept is made in another way than what comes after others.
    const ends = ['refuse', undefined, 'discard', undefined, 'break', 'refuse', 'discard', 'break'] as const;
    for (const [group, end] of ends.entries()) {
      const orders: Order[] = ['first', 'second', 'third'].map((place) => ({ text: `${place} of ${group}` }));
      if (end !== undefined) orders[1] = { text: `not of ${group}`, end };
      const answers = await make(orders);
      kept.push(...orders.filter((order) => order.end === undefined).map(({ text }) => text));
      assert.deepEqual(committed(), kept);
      assert.deepEqual(
        answers.map(({ reply }) => 'result' in reply),
        [true, end === undefined || end === 'discard', true],
      );
    }
  });

  test('commits changes that wait together', async () => {
    const answers = await make(Array.from({ length: 50 }, (_, index) => ({ text: `change ${index}` })));
    const commits = new Set(answers.map(({ reply }) => committedBefore(reply)));
    assert.ok(commits.size <= 5, `50 changes took ${commits.size} commits`);
  });

  test('makes a long change in a commit of its own', async () => {
    const answers = await make([{ text: 'first' }, { text: 'long' }, { text: 'last' }]);
    assert.deepEqual(
      answers.map(({ reply }) => committedBefore(reply)),
      [0, 1, 2],
    );
  });

  test('leaves nothing of a change that is refused, broken or discarded, and keeps its neighbours', async () => {
    const answers = await make([
      { text: 'one' },
      { text: 'refused', end: 'refuse' },
      { text: 'broken', end: 'break' },
      { text: 'discarded', end: 'discard' },
      { text: 'two' },
    ]);
    assert.deepEqual(
      answers.map(({ reply }) => ('problem' in reply ? reply.problem.code : (textOf(reply) ?? 'failure'))),
      ['one', 'partner_exists', 'failure', 'discarded', 'two'],
    );
    assert.deepEqual(committed(), ['one', 'two']);
  });

  test('leaves nothing of a change that is alone and is refused, broken or discarded', async () => {
    for (const end of ['refuse', 'break', 'discard'] as const) {
      const [answer] = await make([{ text: 'long', end }]);
      assert.equal(answer && textOf(answer.reply), end === 'discard' ? 'long' : undefined);
      assert.deepEqual(committed(), []);
    }
  });

  test('copies what a long change has left in the log into the file without waiting for the next', async () => {
    const text = `long ${'x'.repeat(8_000_000)}`;
    await make([{ text }]);
    assert.ok(statSync(writing.location() ?? '').size > text.length);
    assert.deepEqual(committed(), [text]);
  });

  test('refuses what there is no room for, keeps what it has, and goes on once there is room', async () => {
    await make([{ text: 'kept' }]);
    const { page_count: pages } = writing.prepare('pragma page_count').get() as { page_count: number };
    writing.exec(`pragma max_page_count = ${pages}`);
    const [full] = await make([{ text: 'x'.repeat(100_000) }]);
    assert.ok(full && 'problem' in full.reply);
    assert.equal(full.reply.problem.code, 'storage_full');
    assert.deepEqual(committed(), ['kept']);
    writing.exec('pragma max_page_count = 1000000');
    const [again] = await make([{ text: 'again' }]);
    assert.ok(again && 'result' in again.reply);
    assert.deepEqual(committed(), ['kept', 'again']);
  });
});
