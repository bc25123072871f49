/** What holds for every write: it is made once however often it is sent, of the version that it names, and says why. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Customer, CustomerGroup, EventsPage, ImportReport, Pool } from '@seatledger/contract';
import { assertProblem, comparable, errorsOf } from '../testing/answers.ts';
import { created, lastEvent, type Send, sendAs, shown } from '../testing/send.ts';
import { startTestServer } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
const sendAnother = await sendAs(server, await server.createApp({ permissions: ['seatledger.write'] }));

let made = 0;
const newKey = () => `key-${(made += 1)}`;
const newCustomer = async () =>
  created<Customer>(send, await send('POST', '/api/v1/customers', { body: { organization: 'Contoso' } }));
const create = (by: Send, key: string, organization = 'Contoso') =>
  by('POST', '/api/v1/customers', { body: { organization }, headers: { 'idempotency-key': key } });
const change = (path: string, body: object, headers: Record<string, string>) =>
  send('PATCH', path, { body, headers });

describe('a write with an idempotency key', () => {
  test('is made once, and sent again answers as the first time', async () => {
    const key = newKey();
    const first = await create(send, key);
    assert.equal(first.status, 201);
    const before = await lastEvent(send);
    const told = await comparable(first);
    for (const again of [await create(send, key), await create(send, `"${key}"`)])
      assert.deepEqual(await comparable(again), told);
    assert.equal(await lastEvent(send), before);
  });

  test('answers as the first time also when what it made is another by now', async () => {
    const { path, etag } = await newCustomer();
    const headers = { 'if-match': etag, 'idempotency-key': newKey() };
    const first = await shown<Customer>(await change(path, { jobStatus: 1 }, headers));
    const tenant = { type: 0, name: 'Contoso', availableSeats: 1, assignedSeats: 1 };
    await send('PUT', `${path}/tenants/a`, { body: tenant, headers: { 'if-match': '*' } });
    await change(path, { jobStatus: 2 }, { 'if-match': '*' });
    const before = await lastEvent(send);
    assert.deepEqual(await shown(await change(path, { jobStatus: 1 }, headers)), first);
    assert.equal(await lastEvent(send), before);
  });

  test('is 422 idempotency_key_reused where the key came with another request, and changes nothing', async () => {
    const key = newKey();
    await create(send, key);
    const before = await lastEvent(send);
    for (const other of [
      await create(send, key, 'Fabrikam'),
      await send('POST', '/api/v1/groups', { body: { name: 'x' }, headers: { 'idempotency-key': key } }),
    ]) {
      await assertProblem(other, 422, 'idempotency_key_reused');
    }
    assert.equal(await lastEvent(send), before);
  });

  test('is another where another app, or another partner, uses the key', async () => {
    const key = newKey();
    const answers = await Promise.all([send, sendAnother, sendOther].map((by) => create(by, key)));
    const ids = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as Customer).customerId),
    );
    assert.equal(new Set(ids).size, 3);
  });

  test('sent twice at once is made once: the second is told the same, or to come later', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = newKey();
      const before = await lastEvent(send);
      const answers = await Promise.all([create(send, key), create(send, key), create(send, key)]);
      assert.equal(await lastEvent(send), before + 1);
      const done = answers.filter(({ status }) => status === 201);
      const told = await Promise.all(done.map((answer) => comparable(answer)));
      assert.ok(told.length > 0);
      for (const one of told) assert.deepEqual(one, told[0]);
      for (const answer of answers.filter(({ status }) => status !== 201))
        await assertProblem(answer, 409, 'idempotency_key_in_use');
    }
  });

  test('that was refused is looked at anew', async () => {
    const { body, path, etag } = await newCustomer();
    const key = { 'idempotency-key': newKey() };
    const refused = await change(path, { jobStatus: 1 }, { ...key, 'if-match': '"1"' });
    await assertProblem(refused, 412, 'version_changed');
    const changed = await shown<Customer>(await change(path, { jobStatus: 1 }, { ...key, 'if-match': etag }));
    assert.deepEqual(changed.body, { ...body, jobStatus: 1, changedSequence: changed.body.changedSequence });
  });

  test('is remembered for 24 hours, and is a new one after', async () => {
    const key = newKey();
    const now = server.now();
    const idAfter = async (hours: number) => {
      server.setNow(now + hours * 3_600_000);
      // Tokens live for one hour.
      const answer = await create(await sendAs(server, server.otherAdmin), key);
      return ((await answer.json()) as Customer).customerId;
    };
    const [first, soon, late] = [await idAfter(0), await idAfter(23.9), await idAfter(24.1)];
    server.setNow(now);
    assert.equal(soon, first);
    assert.notEqual(late, first);
  });

  test('ends a thing once: what is sent again answers as the first time', async () => {
    const group = await created<CustomerGroup>(
      send,
      await send('POST', '/api/v1/groups', { body: { name: newKey() } }),
    );
    const headers = { 'if-match': group.etag, 'idempotency-key': newKey() };
    for (const status of [204, 204]) {
      assert.equal((await send('DELETE', group.path, { headers })).status, status);
    }
    const pool = { body: { resource: 'Office365Backup', seats: 1 } };
    const { path, etag } = await created<Pool>(send, await send('POST', '/api/v1/pools', pool));
    const ending = { headers: { 'if-match': etag, 'idempotency-key': newKey() } };
    const ended = await shown(await send('DELETE', path, ending));
    assert.deepEqual(await shown(await send('DELETE', path, ending)), ended);
  });

  test('that shows a secret is not answered again: 409 idempotent_answer_not_kept, and no app is made', async () => {
    const register = (name: string) =>
      send('POST', '/api/v1/apps', {
        body: { name, permissions: ['seatledger.read'] },
        headers: { 'idempotency-key': 'register' },
      });
    assert.equal((await register('billing')).status, 201);
    const before = await lastEvent(send);
    await assertProblem(await register('billing'), 409, 'idempotent_answer_not_kept');
    await assertProblem(await register('other'), 422, 'idempotency_key_reused');
    assert.equal(await lastEvent(send), before);
  });

  test('is not looked at by an import, which can be sent again anyhow', async () => {
    const headers = { 'content-type': 'text/csv', 'idempotency-key': newKey() };
    for (const [seats, added] of [
      [1, 1],
      [1, 0],
    ]) {
      const body = `customerId,productType,seats\nimported,1,${seats}\n`;
      const answer = await send('POST', '/api/v1/import', { body, headers });
      assert.equal(((await answer.json()) as ImportReport).added, added);
    }
  });

  for (const key of ['', '""', 'two words', 'x'.repeat(256), '"a b"', 'Gr\u00fc\u00df']) {
    test(`cannot have the key ${JSON.stringify(key).slice(0, 20)}: 400 parameter_invalid`, async () => {
      const before = await lastEvent(send);
      const problem = await assertProblem(await create(send, key), 400, 'parameter_invalid');
      assert.deepEqual(errorsOf(problem), ['Idempotency-Key value_invalid']);
      assert.equal(await lastEvent(send), before);
    });
  }
});

describe('a change of a version', () => {
  test('takes the tag that was answered, among others, weakened by a proxy, or any that is there', async () => {
    const { path } = await newCustomer();
    let jobStatus = 0;
    for (const write of [
      (etag: string) => etag,
      (etag: string) => `W/${etag}`,
      (etag: string) => `"x", "1",${etag} , W/"2"`,
      () => '*',
      () => ' * ',
    ]) {
      const { etag } = await shown(await send('GET', path));
      jobStatus += 1;
      const answer = await change(path, { jobStatus }, { 'if-match': write(etag) });
      assert.equal((await shown<Customer>(answer)).body.jobStatus, jobStatus);
    }
  });

  for (const tag of [
    '',
    '1',
    '"',
    '""',
    '"1"',
    'W/1',
    '"*"',
    '"-1"',
    '"9999999999999999"',
    '"12345678901234567"',
  ]) {
    test(`is 412 version_changed for the tag ${tag}`, async () => {
      const { path, etag } = await newCustomer();
      const answer = await change(path, { jobStatus: 1 }, { 'if-match': tag });
      await assertProblem(answer, 412, 'version_changed');
      assert.equal((await shown(await send('GET', path))).etag, etag);
    });
  }
});

describe('the reason of a change', () => {
  test('is kept as it was meant', async () => {
    const reason = 'Ticket 17: Gr\u00fc\u00dfe \u{1F4B6}, 100 %';
    const headers = { 'change-reason': encodeURIComponent(reason) };
    const csv = 'customerId,productType,seats\ncontoso,4,1\n';
    for (const write of [
      () => send('POST', '/api/v1/customers', { body: {}, headers }),
      () =>
        send('POST', '/api/v1/import', { body: csv, headers: { ...headers, 'content-type': 'text/csv' } }),
    ]) {
      const before = await lastEvent(send);
      await write();
      const { data } = (await (await send('GET', `/api/v1/events?after=${before}`)).json()) as EventsPage;
      assert.notDeepEqual(data, []);
      for (const event of data) {
        assert.deepEqual([event.reason, event.actor], [reason, `app:${server.admin.clientId}`]);
      }
    }
  });

  for (const reason of ['', '%', '%00', 'a%0Ab', '%ff', 'x'.repeat(201)]) {
    test(`cannot be ${JSON.stringify(reason).slice(0, 20)}: 400 parameter_invalid`, async () => {
      const before = await lastEvent(send);
      const headers = { 'change-reason': reason };
      const body = 'customerId,productType,seats\nimported,8192,1\n';
      for (const answer of [
        await send('POST', '/api/v1/customers', { body: {}, headers }),
        await send('POST', '/api/v1/import', { body, headers: { ...headers, 'content-type': 'text/csv' } }),
      ]) {
        const problem = await assertProblem(answer, 400, 'parameter_invalid');
        assert.deepEqual(errorsOf(problem), ['Change-Reason value_invalid']);
      }
      assert.equal(await lastEvent(send), before);
    });
  }
});
