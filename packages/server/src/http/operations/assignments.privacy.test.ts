/** A person can be forgotten: where an address is kept, where it never is, and what is left of somebody who was erased. */

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, describe, mock, test } from 'node:test';
import type { Assignment, AssignmentReport, ErasedUser, EventsPage } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { lastEvent, paged, sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
await server.importCsv('customerId,productType,seats\ncontoso,2048,9\ncontoso,40,9\n');

const path = '/api/v1/customers/contoso';
const assign = (users: readonly string[], productType = 2048) =>
  send('POST', `${path}/assignments`, { body: { productType, users } });
const release = (who: object) =>
  send('POST', `${path}/assignments/release`, { body: { productType: 2048, ...who } });
const erase = (user: unknown, headers = {}) =>
  send('POST', `${path}/users/erase`, { body: { user }, headers });
const listed = () => paged<Assignment>(send, `${path}/assignments`, 1000);

async function json<Body>(answer: Response): Promise<Body> {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as Body;
}

describe('a user that was erased', () => {
  test('keeps the seats under an id that leads to no address, and gives them back by it', async () => {
    await json(await assign(['ada@contoso.example']));
    await json(await assign(['ada@contoso.example'], 40));
    const before = await listed();
    const { userId } = await json<ErasedUser>(await erase('ADA@contoso.example'));
    assert.deepEqual(
      await listed(),
      before.map((row) => ({ ...row, user: null })),
    );
    const report = await json<AssignmentReport>(await release({ userIds: [userId] }));
    assert.deepEqual([report.changed, report.seats.assigned], [1, 0]);
    assert.deepEqual(
      (await listed()).map(({ productType }) => productType),
      [40],
    );
  });

  test('is not there any more, neither to erase nor to release; the address is another user from then on', async () => {
    await json(await assign(['bob@contoso.example']));
    const { userId } = await json<ErasedUser>(await erase('bob@contoso.example'));
    await assertProblem(await erase('bob@contoso.example'), 404, 'user_not_found');
    const released = await json<AssignmentReport>(await release({ users: ['bob@contoso.example'] }));
    assert.deepEqual([released.changed, released.unchanged], [0, 1]);
    const again = await json<AssignmentReport>(await assign(['bob@contoso.example']));
    assert.equal(again.changed, 1);
    const row = (await listed()).find(({ user }) => user === 'bob@contoso.example');
    assert.ok(row);
    assert.notEqual(row.userId, userId);
  });

  test('leaves one event, which says no more than the id; a retry answers the same', async () => {
    await json(await assign(['eve@contoso.example']));
    const before = await lastEvent(send);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const { userId } = await json<ErasedUser>(await erase('eve@contoso.example', headers));
    assert.deepEqual(await json(await erase('eve@contoso.example', headers)), { userId });
    const { data } = await json<EventsPage>(await send('GET', `/api/v1/events?after=${before}`));
    assert.deepEqual(
      data.map(({ kind, subject, customerId, before: was, after: is }) => [
        kind,
        subject,
        customerId,
        was,
        is,
      ]),
      [['user.erased', userId, 'contoso', null, null]],
    );
  });

  test('has to be one of the customer, and the answer does not show who was asked for', async () => {
    const unknown = await erase('nobody@contoso.example');
    assert.equal(
      JSON.stringify(await assertProblem(unknown, 404, 'user_not_found')).includes('nobody@'),
      false,
    );
    for (const bad of ['', ' x', 'a'.repeat(321), 'a\u0007']) {
      const problem = await assertProblem(await erase(bad), 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), ['user user_invalid']);
    }
    const problem = await assertProblem(await erase(1), 400, 'body_invalid');
    assert.deepEqual(errorsOf(problem), ['user value_invalid']);
  });
});

describe('an address', () => {
  const address = 'grace.hopper.1906@contoso.example';
  const shows = (text: string) => /grace|hopper|1906/i.test(text);

  test('is in no event and in no message', async () => {
    await json(await assign([address]));
    const texts: string[] = [];
    for (let from = 0; ; ) {
      const page = await json<EventsPage>(await send('GET', `/api/v1/events?limit=1000&after=${from}`));
      texts.push(JSON.stringify(page));
      from = page.nextAfter;
      if (!page.hasMore) break;
    }
    const tooMany = Array.from({ length: 20 }, (_, index) => `${index}${address}`);
    for (const answer of [
      await assign(tooMany),
      await assign([`${address}\u0000`]),
      await assign([address.padEnd(400, 'x')]),
      await release({ userIds: [address] }),
      await erase(`x${address}`),
      await erase(`${address} `),
      await assign([address], 3),
    ]) {
      assert.ok(answer.status >= 400);
      texts.push(await answer.text(), JSON.stringify([...answer.headers]));
    }
    for (const text of texts) assert.equal(shows(text), false, text);
  });

  test('is in no line of the log, also where the store fails over it', async () => {
    const written = mock.method(fs, 'writeSync', (_fd: number, text: string) => Buffer.byteLength(text));
    try {
      await server.place.exec('alter table users rename to out_of_reach');
      await assertProblem(await assign([address]), 500, 'internal_error');
      await assertProblem(await erase(address), 500, 'internal_error');
    } finally {
      await server.place.exec('alter table out_of_reach rename to users');
      written.mock.restore();
    }
    const log = written.mock.calls.map((call) => call.arguments[1]).join('');
    assert.match(log, /a request failed/);
    assert.equal(shows(log), false, log);
  });
});
