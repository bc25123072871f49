import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '@seatledger/contract';
import { Failure, localFailure } from '../failure.ts';
import { isNothing } from './answerShape.ts';
import type { Connection } from './connection.ts';
import { type ChangeFacts, sendChange, sendWrite, type WriteFacts } from './writes.ts';

type Headers = Readonly<Record<string, string>>;

/** A server that does what it is told, or fails with `failure`, and the headers that reached it. */
function serverThat(failure?: Failure): { connection: Connection; headers: Headers[] } {
  const headers: Headers[] = [];
  const connection: Connection = {
    async call(_, request, reads) {
      headers.push(request.headers ?? {});
      if (failure !== undefined) throw failure;
      const body: unknown = undefined;
      return reads(body) ? body : assert.fail('not what was expected');
    },
    version: async () => '"17"',
    lines: () => assert.fail('no lines are asked for'),
    pieces: () => assert.fail('no lines are asked for'),
    bytes: () => assert.fail('no lines are asked for'),
  };
  return { connection, headers };
}

async function written(facts: WriteFacts, failure?: Failure): Promise<Headers> {
  const { connection, headers } = serverThat(failure);
  await sendWrite(connection, { operation: operations.createGroup, body: {}, reads: isNothing }, facts);
  return headers[0] ?? {};
}

async function changed(facts: ChangeFacts, failure?: Failure): Promise<Headers> {
  const { connection, headers } = serverThat(failure);
  const of = { operation: operations.getGroup, path: '/g' };
  await sendChange(connection, { of, operation: operations.deleteGroup, reads: isNothing }, facts);
  return headers[0] ?? {};
}

async function failed(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof Failure ? error : assert.fail(String(error));
}

test('each write has a key of its own, unless one is given', async () => {
  const [first, second] = [await written({}), await written({})];
  assert.match(first['idempotency-key'] ?? '', /^[\da-f-]{36}$/);
  assert.notEqual(first['idempotency-key'], second['idempotency-key']);
  assert.equal((await written({ idempotencyKey: 'mine' }))['idempotency-key'], 'mine');
});

test('a reason is a header whatever it is made of, and none is none', async () => {
  const reason = (await written({ reason: 'Größe: 100 %\n' }))['change-reason'];
  assert.equal(reason, 'Gr%C3%B6%C3%9Fe%3A%20100%20%25%0A');
  assert.equal((await written({}))['change-reason'], undefined);
});

test('a change is of the version that is there, or of the one that is said', async () => {
  for (const [ifMatch, sent] of [
    [undefined, '"17"'],
    ['16', '"16"'],
    ['"16"', '"16"'],
    ['*', '*'],
  ] as const) {
    assert.equal((await changed({ ifMatch }))['if-match'], sent);
  }
});

test('a change of what was read is of the version in which it was read', async () => {
  const { connection, headers } = serverThat();
  const write = { operation: operations.deleteGroup, reads: isNothing, of: { changedSequence: 9 } };
  await sendChange(connection, write, {});
  await sendChange(connection, write, { ifMatch: '*' });
  assert.deepEqual(
    headers.map((sent) => sent['if-match']),
    ['"9"', '*'],
  );
});

test('a version that is gone is told with what can be done about it', async () => {
  const gone = new Failure('x', { code: 'version_changed', exitCode: 1, requestId: 'r-1' });
  const unasked = await failed(changed({}, gone));
  const asked = await failed(changed({ ifMatch: '16' }, gone));
  assert.deepEqual([unasked.facts.code, unasked.facts.requestId], ['version_changed', 'r-1']);
  assert.ok(!unasked.message.includes('--if-match'));
  assert.ok(asked.message.includes('--if-match'));
});

test('where no answer came, the key is told with which it is not done twice', async () => {
  for (const code of ['connection_broken', 'answer_late'] as const) {
    const { facts } = await failed(written({ idempotencyKey: 'mine' }, localFailure(code, 'x')));
    assert.equal(facts.code, code);
    assert.ok(facts.remedy?.includes('--idempotency-key mine'));
  }
  const { facts } = await failed(
    written({ idempotencyKey: 'mine' }, localFailure('server_unreachable', 'x')),
  );
  assert.ok(!facts.remedy?.includes('mine'));
});
