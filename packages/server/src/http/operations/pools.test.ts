import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Pool } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { created, lastEvent, paged, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
await server.importCsv('customerId,productType,seats\ncontoso,1,1\n');

const asked = { resource: 'Office365Backup', seats: 100 };
const add = async (body: object = {}) =>
  created<Pool>(send, await send('POST', '/api/v1/pools', { body: { ...asked, ...body } }));
const change = (path: string, etag: string, body: unknown) =>
  send('PATCH', path, { body, headers: { 'if-match': etag } });
const end = (path: string, etag: string) => send('DELETE', path, { headers: { 'if-match': etag } });

describe('a pool that is added', () => {
  test('begins now, does not end and is all free where it names nothing else', async () => {
    const before = server.now();
    const { body, path } = await add();
    const { poolId, startsAt, changedSequence, ...pool } = body;
    assert.deepEqual(pool, {
      resource: 'Office365Backup',
      productType: 2048,
      seats: 100,
      expiresAt: null,
      source: 'pool',
      occupied: 0,
      occupiedMax: 0,
      free: 100,
    });
    assert.ok(Date.parse(startsAt) >= before && Date.parse(startsAt) <= server.now());
    assert.deepEqual([poolId, changedSequence], [await lastEvent(send), poolId]);
    assert.equal(path, `/api/v1/pools/${poolId}`);
  });

  test('is what was asked for, of the resource that a service text names', async () => {
    const { body } = await add({
      resource: 'opus - storage OPTIMIZATION',
      productType: 65_536,
      seats: 0,
      startsAt: '2026-01-01',
      expiresAt: '2027-01-01T01:00+01:00',
      source: 'Distributor, \u{1F4B6}',
    });
    const { poolId: _, changedSequence: __, ...pool } = body;
    assert.deepEqual(pool, {
      resource: 'OpusStorageOptimization',
      productType: 65_536,
      seats: 0,
      startsAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2027-01-01T00:00:00.000Z',
      source: 'Distributor, \u{1F4B6}',
      occupied: 0,
      occupiedMax: 0,
      free: 0,
    });
  });
});

describe('a pool that is changed', () => {
  test('is what the change says, and otherwise as it was', async () => {
    const { body, etag, path } = await add({ startsAt: '2026-01-01', expiresAt: '2030-01-01' });
    const changed = await shown<Pool>(await change(path, etag, { seats: 5, expiresAt: null }));
    assert.deepEqual(changed.body, {
      ...body,
      seats: 5,
      expiresAt: null,
      free: 5,
      changedSequence: await lastEvent(send),
    });
    assert.deepEqual(await shown(await send('GET', path)), changed);
    const moved = await shown<Pool>(await change(path, changed.etag, { startsAt: '2025-06-01' }));
    assert.equal(moved.body.startsAt, '2025-06-01T00:00:00.000Z');
  });

  for (const [what, body] of [
    ['nothing', {}],
    ['what it is', { seats: 100, expiresAt: null }],
  ] as const) {
    test(`to ${what} keeps its version, and nothing is recorded`, async () => {
      const { etag, path } = await add();
      const before = await lastEvent(send);
      assert.equal((await shown(await change(path, etag, body))).etag, etag);
      assert.equal(await lastEvent(send), before);
    });
  }

  test('without a version is 428, with an old one 412, and stays as it is', async () => {
    const { etag, path } = await add();
    const changed = await shown(await change(path, etag, { seats: 1 }));
    await assertProblem(await send('PATCH', path, { body: { seats: 2 } }), 428, 'version_required');
    await assertProblem(await change(path, etag, { seats: 2 }), 412, 'version_changed');
    await assertProblem(await send('DELETE', path), 428, 'version_required');
    await assertProblem(await end(path, etag), 412, 'version_changed');
    assert.deepEqual(await shown(await send('GET', path)), changed);
  });
});

describe('a pool that is ended', () => {
  test('ends now and stays', async () => {
    const { body, etag, path } = await add({ startsAt: '2026-01-01' });
    const before = server.now();
    const ended = await shown<Pool>(await end(path, etag));
    const { expiresAt, changedSequence } = ended.body;
    assert.deepEqual(ended.body, { ...body, expiresAt, free: 0, changedSequence });
    assert.ok(Date.parse(expiresAt ?? '') >= before && Date.parse(expiresAt ?? '') <= server.now());
    assert.deepEqual(await shown(await end(path, ended.etag)), ended);
  });

  test('before it began ends at its start', async () => {
    const { etag, path } = await add({ startsAt: '2099-01-01' });
    const { body } = await shown<Pool>(await end(path, etag));
    assert.equal(body.expiresAt, body.startsAt);
  });
});

describe('a pool that cannot be', () => {
  type Case = readonly [what: string, body: object, errors: readonly string[]];
  const ofBoth: readonly Case[] = [
    ...[-1, 0.5, 2_147_483_648, '25', null].map(
      (seats): Case => [`has ${JSON.stringify(seats)} seats`, { seats }, ['seats seats_invalid']],
    ),
    ...['1969-12-31', '2026-02-30', 'tomorrow', '', 0].flatMap((value): Case[] =>
      ['startsAt', 'expiresAt'].map((field) => [
        `has ${JSON.stringify(value)} for ${field}`,
        { [field]: value },
        [`${field} instant_invalid`],
      ]),
    ),
    ['has no start', { startsAt: null }, ['startsAt instant_invalid']],
    ['ends as it begins', { startsAt: '2026-02-01', expiresAt: '2026-02-01' }, ['expiresAt term_inverted']],
    ['has a member that there is not', { occupied: 0 }, ['occupied field_unknown']],
  ];
  const ofNew: readonly Case[] = [
    ['has no seats', { seats: undefined }, ['seats value_required']],
    ['has no resource', { resource: undefined }, ['resource value_required']],
    ['has a resource that there is not', { resource: 'Backup' }, ['resource resource_unknown']],
    ['has a resource that is a number', { resource: 2048 }, ['resource value_invalid']],
    ['has a product that there is not', { productType: 2 }, ['productType product_type_unknown']],
    ['has another product', { productType: 1 }, ['resource resource_of_other_product']],
    ['has an empty source', { source: '' }, ['source value_invalid']],
    ['has a source of 101 characters', { source: 'x'.repeat(101) }, ['source value_too_long']],
    ['has a source of two lines', { source: 'a\nb' }, ['source value_invalid']],
  ];
  const ofChange: readonly Case[] = [
    ['has a resource', { resource: 'Office365Backup' }, ['resource field_unknown']],
    ['has a source', { source: 'x' }, ['source field_unknown']],
  ];

  for (const [what, body, errors] of [...ofBoth, ...ofNew]) {
    test(`is not added: 400 body_invalid where it ${what}`, async () => {
      const before = await lastEvent(send);
      const answer = await send('POST', '/api/v1/pools', { body: { ...asked, ...body } });
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), errors);
      assert.equal(await lastEvent(send), before);
    });
  }

  for (const [what, body, errors] of [...ofBoth, ...ofChange]) {
    test(`is no change: 400 body_invalid where it ${what}`, async () => {
      const { path } = await add();
      const before = await lastEvent(send);
      const problem = await assertProblem(await change(path, '*', body), 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), errors);
      assert.equal(await lastEvent(send), before);
    });
  }
});

describe('the list of pools', () => {
  test('covers each pool exactly once, in order, while pools are added and changed', async () => {
    await Promise.all([add(), add(), add()]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(9), { maxLength: 3 }),
        async (limit, seats) => {
          const there = await paged<Pool>(send, '/api/v1/pools', 1000);
          const coming = [...seats];
          const rows = await paged<Pool>(send, '/api/v1/pools', limit, async () => {
            const number = coming.pop();
            if (number === undefined) return;
            await add({ seats: number });
            await change(`/api/v1/pools/${there[0]?.poolId}`, '*', { seats: number });
          });
          const covered = rows.map(({ poolId }) => poolId);
          assert.deepEqual(
            covered,
            [...new Set(covered)].toSorted((one, other) => one - other),
          );
          assert.deepEqual(
            there.filter(({ poolId }) => !covered.includes(poolId)),
            [],
          );
        },
      ),
      { numRuns: runs(8) },
    );
  });

  for (const [query, code, errors] of [
    ['?limit=0', 'parameter_invalid', ['limit value_invalid']],
    [`?cursor=${btoa('1 1')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    ['?resource=x', 'parameter_unknown', ['resource field_unknown']],
  ] as const) {
    test(`is 400 ${code} for ${query}`, async () => {
      const answer = await send('GET', `/api/v1/pools${query}`);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, code)), errors);
    });
  }
});

describe('a pool is not found', () => {
  for (const id of ['0', '-1', '1.0', '01', 'one', '%20', "'", '9'.repeat(16), '9'.repeat(60)]) {
    test(`by the id ${id}`, async () => {
      const url = `/api/v1/pools/${id}`;
      for (const answer of [
        await send('GET', url),
        await change(url, '*', {}),
        await end(url, '*'),
        await send('GET', `${url}/grants`),
      ]) {
        await assertProblem(answer, 404, 'pool_not_found');
      }
    });
  }

  test('by another partner: it answers as one that is not there', async () => {
    const { path } = await add();
    const [theirs, missing] = [await sendOther('GET', path), await sendOther('GET', '/api/v1/pools/999999')];
    await assertProblem(theirs.clone(), 404, 'pool_not_found');
    assert.deepEqual(await comparable(theirs), await comparable(missing));
  });
});

test('pools are shut to an app that sees only some customers', async () => {
  const { path, etag } = await add();
  const permissions = ['seatledger.read', 'seatledger.write'] as const;
  const some = await server.createApp({ permissions: [...permissions], customers: ['contoso'] });
  const sendSome = await sendAs(server, some);
  for (const [method, url, body] of [
    ['GET', '/api/v1/pools', undefined],
    ['POST', '/api/v1/pools', asked],
    ['GET', path, undefined],
    ['GET', '/api/v1/pools/999999', undefined],
    ['PATCH', path, { seats: 1 }],
    ['DELETE', path, undefined],
    ['GET', `${path}/grants`, undefined],
  ] as const) {
    const answer = await sendSome(method, url, { body, headers: { 'if-match': '*' } });
    await assertProblem(answer, 403, 'customer_scope_insufficient');
  }
  assert.equal((await shown(await send('GET', path))).etag, etag);
});
