import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { CustomerGroup } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { created, lastEvent, paged, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
const ids = Array.from({ length: 20 }, (_, index) => `customer-${String(index).padStart(2, '0')}`);
for (const customerId of ids) await send('POST', '/api/v1/customers', { body: { customerId } });
await sendOther('POST', '/api/v1/customers', { body: { customerId: 'foreign' } });

let made = 0;
const newName = () => `group ${(made += 1)}`;
const create = async (name = newName()) =>
  created<CustomerGroup>(send, await send('POST', '/api/v1/groups', { body: { name } }));
const rename = (path: string, etag: string, name: string) =>
  send('PATCH', path, { body: { name }, headers: { 'if-match': etag } });
const remove = (path: string, etag: string) => send('DELETE', path, { headers: { 'if-match': etag } });
const join = (path: string, customerIds: unknown) =>
  send('POST', `${path}/customers`, { body: { customerIds } });
const leave = (path: string, customerIds: unknown) =>
  send('POST', `${path}/customers/remove`, { body: { customerIds } });
async function counts(answer: Response): Promise<unknown> {
  assert.equal(answer.status, 200);
  return answer.json();
}
const membersOf = (path: string, limit = 1000) => paged<string>(send, `${path}/customers`, limit);

describe('a customer group', () => {
  test('has the name that was asked for, and no customers', async () => {
    const name = 'Retail, \u{1F4B6} & co';
    const { body, path } = await create(name);
    assert.deepEqual(body, { groupId: body.groupId, name, changedSequence: body.groupId });
    assert.equal(path, `/api/v1/groups/${body.groupId}`);
    assert.deepEqual(await membersOf(path), []);
  });

  test('has a name that no other of the partner has, when it is made and when it is changed', async () => {
    const { body, etag, path } = await create();
    const other = await create();
    const answer = await send('POST', '/api/v1/groups', { body: { name: body.name } });
    await assertProblem(answer, 409, 'group_exists');
    await assertProblem(await rename(other.path, other.etag, body.name), 409, 'group_exists');
    assert.equal((await shown(await rename(path, etag, body.name))).etag, etag);
    const theirs = await sendOther('POST', '/api/v1/groups', { body: { name: body.name } });
    assert.equal(theirs.status, 201);
  });

  test('is renamed in the version that is named, and in no other', async () => {
    const { etag, path } = await create();
    const renamed = await shown<CustomerGroup>(await rename(path, etag, newName()));
    assert.notEqual(renamed.etag, etag);
    await assertProblem(await send('PATCH', path, { body: { name: 'x' } }), 428, 'version_required');
    await assertProblem(await rename(path, etag, newName()), 412, 'version_changed');
    assert.deepEqual(await shown(await send('GET', path)), renamed);
  });

  test('is deleted in the version that is named, with its memberships and without its customers', async () => {
    const { body, etag, path } = await create();
    await join(path, ids.slice(0, 2));
    await assertProblem(await send('DELETE', path), 428, 'version_required');
    await assertProblem(await remove(path, '"1"'), 412, 'version_changed');
    const answer = await remove(path, etag);
    assert.equal(answer.status, 204);
    assert.equal(await answer.text(), '');
    for (const gone of [
      await send('GET', path),
      await send('GET', `${path}/customers`),
      await rename(path, etag, newName()),
      await remove(path, '*'),
      await join(path, ids.slice(0, 1)),
      await leave(path, ids.slice(0, 1)),
    ]) {
      await assertProblem(gone, 404, 'group_not_found');
    }
    assert.equal((await send('GET', `/api/v1/customers/${ids[0]}`)).status, 200);
    assert.deepEqual(await membersOf((await create(body.name)).path), []);
  });

  for (const [what, body, errors] of [
    ['has no name', {}, ['name value_required']],
    ['has an empty name', { name: '' }, ['name value_invalid']],
    ['has a name of 101 characters', { name: 'x'.repeat(101) }, ['name value_too_long']],
    ['has a name with a blank at its end', { name: 'x ' }, ['name name_invalid']],
    ['has a name of two lines', { name: 'a\nb' }, ['name name_invalid']],
    ['has a name that is a number', { name: 1 }, ['name value_invalid']],
    ['has a name that is null', { name: null }, ['name value_invalid']],
    ['has a member that there is not', { name: 'x', customers: [] }, ['customers field_unknown']],
    ['is a list', [], ['body value_invalid']],
  ] as const) {
    test(`cannot be one that ${what}`, async () => {
      const { path } = await create();
      const before = await lastEvent(send);
      for (const answer of [
        await send('POST', '/api/v1/groups', { body }),
        await send('PATCH', path, { body, headers: { 'if-match': '*' } }),
      ]) {
        assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), errors);
      }
      assert.equal(await lastEvent(send), before);
    });
  }
});

describe('the customers of a group', () => {
  test('join and leave, each counted once, and whoever is in already or out is no mistake', async () => {
    const { etag, path } = await create();
    const [a, b, c] = ids;
    assert.deepEqual(await counts(await join(path, [c, a])), { changed: 2, unchanged: 0 });
    assert.deepEqual(await counts(await join(path, [a, b, 'CUSTOMER-01'])), { changed: 1, unchanged: 1 });
    assert.deepEqual(await membersOf(path), [a, b, c]);
    assert.deepEqual(await counts(await leave(path, [a, 'nobody', a?.toUpperCase()])), {
      changed: 1,
      unchanged: 1,
    });
    assert.deepEqual(await membersOf(path), [b, c]);
    assert.equal((await shown(await send('GET', path))).etag, etag);
  });

  test('that change nothing leave no event', async () => {
    const { path } = await create();
    await join(path, ids);
    const before = await lastEvent(send);
    assert.deepEqual(await counts(await join(path, ids)), { changed: 0, unchanged: ids.length });
    assert.deepEqual(await counts(await leave(path, ['nobody'])), { changed: 0, unchanged: 1 });
    assert.equal(await lastEvent(send), before);
  });

  test('join all or none of them: one that there is not keeps the others out', async () => {
    const { path } = await create();
    for (const unknown of ['nobody', 'foreign']) {
      const problem = await assertProblem(await join(path, [ids[0], unknown]), 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), ['customerIds customer_not_found']);
      assert.match(problem.errors?.[0]?.message ?? '', new RegExp(unknown));
    }
    assert.deepEqual(await membersOf(path), []);
  });

  for (const [what, customerIds, errors] of [
    ['are none', [], ['customerIds value_invalid']],
    ['are 1001', Array.from({ length: 1001 }, (_, index) => `c${index}`), ['customerIds value_invalid']],
    ['are a text', 'customer-01', ['customerIds value_invalid']],
    ['are null', null, ['customerIds value_invalid']],
    ['have an id that is a number', ['a', 1], ['customerIds.1 value_invalid']],
    ['have an id that is none', ['a', '-'], ['customerIds customer_id_invalid']],
    ['are not there', undefined, ['customerIds value_required']],
  ] as const) {
    test(`neither join nor leave where they ${what}`, async () => {
      const { path } = await create();
      for (const answer of [await join(path, customerIds), await leave(path, customerIds)]) {
        assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), errors);
      }
    });
  }

  test('are covered exactly once, in order, while others join and leave', async () => {
    const { path } = await create();
    const staying = ids.filter((_, index) => index % 2 === 0);
    const moving = ids.filter((_, index) => index % 2 === 1);
    await join(path, staying);
    const moves = fc.array(fc.tuple(fc.constantFrom(join, leave), fc.constantFrom(...moving)), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 11 }), moves, async (limit, steps) => {
        const coming = [...steps];
        const rows = await paged<string>(send, `${path}/customers`, limit, async () => {
          const [move, customerId] = coming.pop() ?? [];
          await move?.(path, [customerId]);
        });
        assert.deepEqual(rows, [...new Set(rows)].toSorted());
        assert.deepEqual(
          staying.filter((customerId) => !rows.includes(customerId)),
          [],
        );
      }),
      { numRuns: runs(12) },
    );
  });
});

describe('the list of customer groups', () => {
  test('has each of the partner once, by its id, in pages of any size', async () => {
    const some = await Promise.all([create(), create(), create()]);
    const whole = await paged<CustomerGroup>(send, '/api/v1/groups', 1000);
    for (const { body } of some) {
      assert.deepEqual(
        whole.find(({ groupId }) => groupId === body.groupId),
        body,
      );
    }
    const groupIds = whole.map(({ groupId }) => groupId);
    assert.deepEqual(
      groupIds,
      groupIds.toSorted((one, other) => one - other),
    );
    for (const limit of [1, 2, whole.length])
      assert.deepEqual(await paged(send, '/api/v1/groups', limit), whole);
  });

  for (const [query, code, errors] of [
    ['?limit=1001', 'parameter_invalid', ['limit value_invalid']],
    [`?cursor=${btoa('-1')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${btoa('9'.repeat(17))}`, 'parameter_invalid', ['cursor cursor_invalid']],
    ['?name=x', 'parameter_unknown', ['name field_unknown']],
  ] as const) {
    test(`is 400 ${code} for ${query}`, async () => {
      const answer = await send('GET', `/api/v1/groups${query}`);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, code)), errors);
    });
  }
});

describe('a customer group is not found', () => {
  for (const id of [
    '0',
    '-1',
    '1.0',
    '1e0',
    '01',
    'one',
    '%20',
    '%00',
    "'",
    '9'.repeat(16),
    '9'.repeat(60),
  ]) {
    test(`by the id ${id}`, async () => {
      const url = `/api/v1/groups/${id}`;
      for (const answer of [
        await send('GET', url),
        await rename(url, '*', 'x'),
        await remove(url, '*'),
        await send('GET', `${url}/customers`),
        await join(url, ids.slice(0, 1)),
        await leave(url, ids.slice(0, 1)),
      ]) {
        await assertProblem(answer, 404, 'group_not_found');
      }
    });
  }

  test('by its id with a zero before it', async () => {
    const { body } = await create();
    await assertProblem(await send('GET', `/api/v1/groups/0${body.groupId}`), 404, 'group_not_found');
  });

  test('by another partner: it answers as one that is not there', async () => {
    const { path } = await create();
    const [theirs, missing] = [await sendOther('GET', path), await sendOther('GET', '/api/v1/groups/999999')];
    await assertProblem(theirs.clone(), 404, 'group_not_found');
    assert.deepEqual(await comparable(theirs), await comparable(missing));
  });
});

test('customer groups are shut to an app that sees only some customers', async () => {
  const { path } = await create();
  const some = await server.createApp({
    permissions: ['seatledger.read', 'seatledger.write'],
    customers: ids.slice(0, 1),
  });
  const sendSome = await sendAs(server, some);
  const headers = { 'if-match': '*' };
  const members = { customerIds: ids.slice(0, 1) };
  for (const [method, url, body] of [
    ['GET', '/api/v1/groups', undefined],
    ['POST', '/api/v1/groups', { name: 'mine' }],
    ['GET', path, undefined],
    ['GET', '/api/v1/groups/999999', undefined],
    ['PATCH', path, { name: 'mine' }],
    ['DELETE', path, undefined],
    ['GET', `${path}/customers`, undefined],
    ['POST', `${path}/customers`, members],
    ['POST', `${path}/customers/remove`, members],
  ] as const) {
    const answer = await sendSome(method, url, { body, headers });
    await assertProblem(answer, 403, 'customer_scope_insufficient');
  }
  assert.deepEqual(await membersOf(path), []);
});
