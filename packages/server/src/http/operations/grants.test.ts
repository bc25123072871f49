/** Lines that are grants from a pool, and what a pool is told to keep for them. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Pool, SubscriptionLine } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { created, lastEvent, paged, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
await send('POST', '/api/v1/customers', { body: { customerId: 'contoso' } });
const lines = '/api/v1/customers/contoso/lines';

const minute = 60_000;
const inMinutes = (minutes: number) => new Date(server.now() + minutes * minute).toISOString();
async function addPool(body: object = {}) {
  const pool = { resource: 'Office365Backup', seats: 100, ...body };
  return created<Pool>(send, await send('POST', '/api/v1/pools', { body: pool }));
}
const ask = (poolId: number, body: object = {}) =>
  send('POST', lines, { body: { resource: 'Office365Backup', seats: 60, poolId, ...body } });
const grant = async (poolId: number, body: object = {}) =>
  created<SubscriptionLine>(send, await ask(poolId, body));
const change = (path: string, etag: string, body: unknown) =>
  send('PATCH', path, { body, headers: { 'if-match': etag } });
const end = (path: string, etag = '*') => send('DELETE', path, { headers: { 'if-match': etag } });
async function numbersOf(path: string) {
  const { seats, occupied, occupiedMax, free } = (await shown<Pool>(await send('GET', path))).body;
  return { seats, occupied, occupiedMax, free };
}

describe('a grant', () => {
  test('is a line of its pool, whose end and source it has where it names none', async () => {
    const pool = await addPool({ expiresAt: inMinutes(60), source: 'Distributor' });
    const { poolId, expiresAt } = pool.body;
    const { body } = await grant(poolId);
    const { source, active } = body;
    assert.deepEqual([body.poolId, body.expiresAt, source, active], [poolId, expiresAt, 'Distributor', true]);
    assert.deepEqual(await paged(send, `${pool.path}/grants`, 1), [body]);
  });

  test('occupies its pool from its start to its end', async () => {
    const { body, path } = await addPool({ startsAt: '2026-01-01' });
    await grant(body.poolId, { seats: 10, expiresAt: inMinutes(20) });
    await grant(body.poolId, { seats: 30, startsAt: inMinutes(10), expiresAt: inMinutes(30) });
    assert.deepEqual(await numbersOf(path), { seats: 100, occupied: 10, occupiedMax: 40, free: 60 });
    const now = server.now();
    for (const [minutes, occupied, occupiedMax] of [
      [15, 40, 40],
      [25, 30, 30],
      [35, 0, 0],
    ] as const) {
      server.setNow(now + minutes * minute);
      const numbers = { seats: 100, occupied, occupiedMax, free: 100 - occupiedMax };
      assert.deepEqual(await numbersOf(path), numbers);
      const [listed] = (await paged<Pool>(send, '/api/v1/pools', 1000)).filter(
        ({ poolId }) => poolId === body.poolId,
      );
      assert.deepEqual([listed?.occupied, listed?.occupiedMax], [occupied, occupiedMax]);
    }
    server.setNow(now);
  });

  test('of no seats is one, and takes none', async () => {
    const { body, path } = await addPool({ seats: 0 });
    assert.equal((await grant(body.poolId, { seats: 0 })).body.seats, 0);
    assert.deepEqual(await numbersOf(path), { seats: 0, occupied: 0, occupiedMax: 0, free: 0 });
  });

  test('takes no more than its pool has: 409 pool_insufficient with the instant and the numbers', async () => {
    const { body, path } = await addPool();
    const startsAt = inMinutes(10);
    await grant(body.poolId, { startsAt, expiresAt: inMinutes(20) });
    const before = await lastEvent(send);
    const problem = await assertProblem(await ask(body.poolId), 409, 'pool_insufficient');
    assert.deepEqual(problem.numbers, { at: startsAt, occupied: 120, seats: 100 });
    assert.equal(await lastEvent(send), before);
    assert.deepEqual(await numbersOf(path), { seats: 100, occupied: 0, occupiedMax: 60, free: 40 });
    await grant(body.poolId, { expiresAt: startsAt });
    await grant(body.poolId, { seats: 40, startsAt });
  });

  test('of the last seats is one of two that ask at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { body, path } = await addPool();
      const answers = await Promise.all([ask(body.poolId), ask(body.poolId)]);
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201, 409]));
      assert.equal((await numbersOf(path)).free, 40);
    }
  });

  test('that is changed takes and gives back what it is more or less', async () => {
    const { body, path } = await addPool();
    const line = await grant(body.poolId);
    const more = await shown(await change(line.path, line.etag, { seats: 100 }));
    assert.equal((await numbersOf(path)).free, 0);
    const problem = await assertProblem(
      await change(line.path, more.etag, { seats: 101 }),
      409,
      'pool_insufficient',
    );
    const { at, ...numbers } = problem.numbers ?? {};
    assert.ok(Date.parse(String(at)) >= Date.parse(line.body.startsAt));
    assert.deepEqual(numbers, { occupied: 101, seats: 100 });
    const less = await shown(await change(line.path, more.etag, { seats: 1, expiresAt: inMinutes(5) }));
    assert.equal((await numbersOf(path)).free, 99);
    await shown(await end(line.path, less.etag));
    assert.equal((await numbersOf(path)).free, 100);
  });

  test('lies within the term of its pool, when it is made and when it is changed', async () => {
    const pool = await addPool({ startsAt: inMinutes(10), expiresAt: inMinutes(20) });
    const { poolId } = pool.body;
    const line = await grant(poolId, { seats: 1, startsAt: inMinutes(11), expiresAt: inMinutes(12) });
    for (const [term, errors] of [
      [{ startsAt: inMinutes(9) }, ['startsAt before_pool_start']],
      [{ expiresAt: inMinutes(21) }, ['expiresAt beyond_pool_end']],
      [{ expiresAt: null }, ['expiresAt beyond_pool_end']],
    ] as const) {
      const asked = await ask(poolId, { seats: 1, startsAt: inMinutes(15), ...term });
      assert.deepEqual(errorsOf(await assertProblem(asked, 400, 'body_invalid')), errors);
      const changed = await change(line.path, line.etag, term);
      assert.deepEqual(errorsOf(await assertProblem(changed, 400, 'body_invalid')), errors);
    }
    const now = await ask(poolId, { seats: 1 });
    assert.deepEqual(errorsOf(await assertProblem(now, 400, 'body_invalid')), ['startsAt before_pool_start']);
  });

  test('is of the resource of its pool, which is one of the partner', async () => {
    const { body } = await addPool();
    const theirs = await sendOther('POST', '/api/v1/pools', {
      body: { resource: 'Office365Backup', seats: 1 },
    });
    for (const [poolId, resource, errors] of [
      [body.poolId, 'Office365PPBackup', ['poolId pool_of_other_resource']],
      [999_999, 'Office365Backup', ['poolId pool_not_found']],
      [((await theirs.json()) as Pool).poolId, 'Office365Backup', ['poolId pool_not_found']],
    ] as const) {
      const problem = await assertProblem(await ask(poolId, { resource }), 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), errors);
    }
  });

  test('can be ended also after its pool was made to begin later than it did', async () => {
    const pool = await addPool({ startsAt: '2026-01-01' });
    const line = await grant(pool.body.poolId, { startsAt: inMinutes(-20) });
    await shown(await change(pool.path, pool.etag, { startsAt: inMinutes(-10) }));
    const { body } = await shown<SubscriptionLine>(await end(line.path, line.etag));
    assert.equal(body.active, false);
    assert.equal((await numbersOf(pool.path)).occupied, 0);
  });

  test('of no seats takes none of a pool that has ended meanwhile, and can be ended itself', async () => {
    const pool = await addPool();
    const line = await grant(pool.body.poolId, { seats: 0 });
    const { expiresAt } = (await shown<Pool>(await end(pool.path))).body;
    const answer = await change(line.path, line.etag, { seats: 1 });
    const problem = await assertProblem(answer, 409, 'pool_insufficient');
    assert.deepEqual(problem.numbers, { at: problem.numbers?.['at'], occupied: 1, seats: 0 });
    assert.ok(Date.parse(String(problem.numbers?.['at'])) >= Date.parse(expiresAt ?? ''));
    assert.equal((await shown<SubscriptionLine>(await end(line.path))).body.active, false);
  });

  test('is seen by an app that sees its customer, and made, changed and ended by none but those that see all', async () => {
    const { body } = await addPool();
    const line = await grant(body.poolId);
    const permissions = ['seatledger.read', 'seatledger.write'] as const;
    const some = await server.createApp({ permissions: [...permissions], customers: ['contoso'] });
    const sendSome = await sendAs(server, some);
    const headers = { 'if-match': line.etag };
    for (const answer of [
      await sendSome('POST', lines, { body: { productType: 2048, seats: 1, poolId: body.poolId } }),
      await sendSome('POST', lines, { body: { productType: 2048, seats: 1, poolId: 999_999 } }),
      await sendSome('PATCH', line.path, { body: { seats: 1 }, headers }),
      await sendSome('PATCH', line.path, { body: {}, headers }),
      await sendSome('DELETE', line.path, { headers }),
    ]) {
      await assertProblem(answer, 403, 'customer_scope_insufficient');
    }
    assert.deepEqual((await shown(await sendSome('GET', line.path))).body, line.body);
  });
});

describe('a pool with grants', () => {
  test('keeps what they occupy, now or later: 409 pool_insufficient with the first instant', async () => {
    const { body, etag, path } = await addPool({ startsAt: '2026-01-01', expiresAt: inMinutes(60) });
    const [later, last] = [inMinutes(10), inMinutes(30)];
    await grant(body.poolId, { seats: 10, expiresAt: last });
    await grant(body.poolId, { seats: 50, startsAt: later, expiresAt: inMinutes(20) });
    for (const [what, numbers] of [
      [{ seats: 59 }, { at: later, occupied: 60, seats: 59 }],
      [{ expiresAt: inMinutes(15) }, { occupied: 60, seats: 0 }],
      [{ startsAt: inMinutes(5) }, { occupied: 10, seats: 0 }],
      [
        { seats: 9, expiresAt: null },
        { occupied: 10, seats: 9 },
      ],
    ] as const) {
      const problem = await assertProblem(await change(path, etag, what), 409, 'pool_insufficient');
      assert.deepEqual({ ...problem.numbers, ...numbers }, problem.numbers);
      assert.notEqual(problem.numbers?.['at'], undefined);
    }
    await assertProblem(await end(path, etag), 409, 'pool_insufficient');
    assert.equal((await shown(await send('GET', path))).etag, etag);
    await shown(await change(path, etag, { seats: 60, expiresAt: last }));
    assert.equal((await numbersOf(path)).free, 0);
  });

  test('can be ended once they are', async () => {
    const { body, path } = await addPool();
    const line = await grant(body.poolId);
    await shown(await end(line.path));
    const ended = await shown<Pool>(await end(path));
    assert.notEqual(ended.body.expiresAt, null);
    const problem = await assertProblem(await ask(body.poolId), 400, 'body_invalid');
    // A grant that names no end has the one of its pool, which is before it would begin.
    assert.deepEqual(errorsOf(problem), ['expiresAt term_inverted']);
  });

  test('lists each of them exactly once, in order, while grants are added, changed and ended', async () => {
    const { body, path } = await addPool({ seats: 1_000_000 });
    for (let count = 0; count < 4; count += 1) await grant(body.poolId, { seats: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.constantFrom('add', 'change', 'end'), { maxLength: 4 }),
        async (limit, steps) => {
          const there = await paged<SubscriptionLine>(send, `${path}/grants`, 1000);
          const first = `${lines}/${there[0]?.lineId}`;
          const coming = [...steps];
          const rows = await paged<SubscriptionLine>(send, `${path}/grants`, limit, async () => {
            const step = coming.pop();
            if (step === 'add') await grant(body.poolId, { seats: 1 });
            if (step === 'change') await change(first, '*', { seats: coming.length });
            if (step === 'end') await end(first);
          });
          const covered = rows.map(({ lineId }) => lineId);
          assert.deepEqual(
            covered,
            [...new Set(covered)].toSorted((one, other) => one - other),
          );
          assert.deepEqual(
            there.filter(({ lineId }) => !covered.includes(lineId)),
            [],
          );
        },
      ),
      { numRuns: runs(8) },
    );
  });
});
