import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Customer } from '@seatledger/contract';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { created, lastEvent, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);

const facts = { type: 0, name: 'Contoso', availableSeats: 5, assignedSeats: 20 };
const create = async () =>
  created<Customer>(send, await send('POST', '/api/v1/customers', { body: { organization: 'Contoso' } }));
const set = (path: string, tenantId: string, etag: string, body: unknown = facts) =>
  send('PUT', `${path}/tenants/${encodeURIComponent(tenantId)}`, { body, headers: { 'if-match': etag } });
const remove = (path: string, tenantId: string, etag: string) =>
  send('DELETE', `${path}/tenants/${encodeURIComponent(tenantId)}`, { headers: { 'if-match': etag } });

describe('a tenant that is set', () => {
  test('is one of its customer, which is a new version', async () => {
    const customer = await create();
    const { body, etag } = await shown<Customer>(await set(customer.path, 'contoso.example', customer.etag));
    assert.deepEqual(body, {
      ...customer.body,
      tenants: [{ tenantId: 'contoso.example', ...facts }],
      changedSequence: body.changedSequence,
    });
    assert.notEqual(etag, customer.etag);
    assert.deepEqual(await shown(await send('GET', customer.path)), { body, etag });
  });

  test('again is changed, and beside others is one of them, by tenant id', async () => {
    const { path } = await create();
    await shown(await set(path, 'b', '*'));
    await shown(await set(path, 'B', '*', { ...facts, type: 3 }));
    await shown(await set(path, 'a', '*', { ...facts, type: 1 }));
    const { body } = await shown<Customer>(await set(path, 'b', '*', { ...facts, name: 'Other' }));
    assert.deepEqual(
      body.tenants.map(({ tenantId, type, name }) => [tenantId, type, name]),
      [
        ['B', 3, 'Contoso'],
        ['a', 1, 'Contoso'],
        ['b', 0, 'Other'],
      ],
    );
  });

  test('to what it is keeps the version, and nothing is recorded', async () => {
    const { path } = await create();
    const { etag } = await shown(await set(path, 'a', '*'));
    const before = await lastEvent(send);
    assert.equal((await shown(await set(path, 'a', etag))).etag, etag);
    assert.equal(await lastEvent(send), before);
  });

  test('can have an id of 128 characters of any kind', async () => {
    const { path } = await create();
    for (const tenantId of ['a/b c?#%', 'x'.repeat(128), '\u{1F4B6}'.repeat(64)]) {
      const { body } = await shown<Customer>(await set(path, tenantId, '*'));
      assert.ok(body.tenants.some((tenant) => tenant.tenantId === tenantId));
      assert.deepEqual((await shown<Customer>(await remove(path, tenantId, '*'))).body.tenants, []);
    }
  });

  test('is the hundred-and-first of no customer', async () => {
    const { path } = await create();
    for (let count = 0; count < 100; count += 1) await shown(await set(path, `tenant-${count}`, '*'));
    const answer = await set(path, 'one more', '*');
    const problem = await assertProblem(answer, 400, 'body_invalid');
    assert.deepEqual(errorsOf(problem), ['tenantId tenants_too_many']);
    assert.equal((await shown<Customer>(await set(path, 'tenant-0', '*'))).body.tenants.length, 100);
  });
});

describe('a tenant that is removed', () => {
  test('is gone, and the customer is a new version', async () => {
    const { path } = await create();
    await shown(await set(path, 'a', '*'));
    const { etag } = await shown(await set(path, 'b', '*'));
    const removed = await shown<Customer>(await remove(path, 'a', etag));
    assert.deepEqual(
      removed.body.tenants.map(({ tenantId }) => tenantId),
      ['b'],
    );
    assert.notEqual(removed.etag, etag);
    assert.deepEqual(await shown(await send('GET', path)), removed);
    await assertProblem(await remove(path, 'a', removed.etag), 404, 'tenant_not_found');
  });

  for (const tenantId of ['nobody', 'A', ' ', "'", 'a'.repeat(129)]) {
    test(`is found by its id alone, and not by ${tenantId.slice(0, 10)}`, async () => {
      const { path } = await create();
      const { etag } = await shown(await set(path, 'a', '*'));
      await assertProblem(await remove(path, tenantId, etag), 404, 'tenant_not_found');
      assert.equal((await shown(await send('GET', path))).etag, etag);
    });
  }
});

describe('a change of a tenant', () => {
  test('is one of its customer: without a version it is 428, with an old one 412', async () => {
    const { path, etag } = await create();
    await shown(await set(path, 'a', etag));
    const url = `${path}/tenants/a`;
    await assertProblem(await send('PUT', url, { body: facts }), 428, 'version_required');
    await assertProblem(await send('DELETE', url), 428, 'version_required');
    await assertProblem(await set(path, 'a', etag, { ...facts, type: 2 }), 412, 'version_changed');
    await assertProblem(await remove(path, 'a', etag), 412, 'version_changed');
  });

  test('of a customer that the app cannot see is 404, the same whether it is there or not', async () => {
    const { path } = await create();
    await shown(await set(path, 'a', '*'));
    await send('POST', '/api/v1/customers', { body: { customerId: 'seen' } });
    const some = await server.createApp({ permissions: ['seatledger.write'], customers: ['seen'] });
    const sendSome = await sendAs(server, some);
    for (const method of ['PUT', 'DELETE']) {
      const about = (customer: string) =>
        sendSome(method, `${customer}/tenants/a`, { body: facts, headers: { 'if-match': '*' } });
      const hidden = await about(path);
      await assertProblem(hidden.clone(), 404, 'customer_not_found');
      assert.deepEqual(await comparable(hidden), await comparable(await about('/api/v1/customers/nobody')));
    }
  });

  const { name: _name, ...nameless } = facts;
  const { availableSeats: _seats, ...seatless } = facts;
  for (const [what, body, errors] of [
    ['names no tenant', {}, ['type value_required']],
    ['has no name', nameless, ['name value_required']],
    ['has no seats', seatless, ['availableSeats value_required']],
    ['has an empty name', { ...facts, name: '' }, ['name value_invalid']],
    ['has a name of 257 characters', { ...facts, name: 'x'.repeat(257) }, ['name value_too_long']],
    ['has a name of two lines', { ...facts, name: 'a\nb' }, ['name value_invalid']],
    ['has a type of 4', { ...facts, type: 4 }, ['type value_invalid']],
    ['has a type that is a text', { ...facts, type: '0' }, ['type value_invalid']],
    ['has negative seats', { ...facts, availableSeats: -1 }, ['availableSeats seats_invalid']],
    ['has half a seat', { ...facts, assignedSeats: 0.5 }, ['assignedSeats seats_invalid']],
    ['has seats in a text', { ...facts, assignedSeats: '1' }, ['assignedSeats seats_invalid']],
    ['has too many seats', { ...facts, availableSeats: 2 ** 31 }, ['availableSeats seats_invalid']],
    ['names its id', { ...facts, tenantId: 'a' }, ['tenantId field_unknown']],
  ] as const) {
    test(`is 400 body_invalid where it ${what}`, async () => {
      const { path, etag } = await create();
      const problem = await assertProblem(await set(path, 'a', etag, body), 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), errors);
      assert.equal((await shown(await send('GET', path))).etag, etag);
    });
  }

  for (const tenantId of ['a\nb', '\u0000', 'x'.repeat(129)]) {
    test(`is 400 body_invalid for the tenant id ${JSON.stringify(tenantId).slice(0, 10)}`, async () => {
      const { path } = await create();
      const problem = await assertProblem(await set(path, tenantId, '*'), 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), ['tenantId value_invalid']);
    });
  }
});
