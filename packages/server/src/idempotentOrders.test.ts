import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ProblemError } from '@seatledger/contract';
import type { ChangeOrder } from './changes.ts';
import { oneAtATime } from './idempotentOrders.ts';

const order: ChangeOrder<'group.delete'> = {
  kind: 'group.delete',
  input: { groupId: 1, expected: 'any' },
  partnerId: 1,
  actor: 'app:one',
  reason: null,
  idempotencyKey: 'key',
  now: 0,
};

/** Makes orders that stay underway until the test ends them. */
function underTest() {
  const underway: { resolve: (result: null) => void; reject: (reason: Error) => void }[] = [];
  const make = oneAtATime(() => {
    const { promise, resolve, reject } = Promise.withResolvers<null>();
    underway.push({ resolve, reject });
    return promise;
  });
  return { make, underway };
}

describe('an order with an idempotency key', () => {
  test('is refused while another with its key is underway: idempotency_key_in_use', async () => {
    const { make, underway } = underTest();
    const first = make(order);
    await assert.rejects(
      make(order),
      (error: unknown) => error instanceof ProblemError && error.code === 'idempotency_key_in_use',
    );
    assert.equal(underway.length, 1);
    underway[0]?.resolve(null);
    await first;
  });

  for (const [what, other] of [
    ['another key', { idempotencyKey: 'other' }],
    ['another actor', { actor: 'app:two' }],
    ['another partner', { partnerId: 2 }],
    ['no key', { idempotencyKey: null }],
  ] as const) {
    test(`goes on beside one with ${what}`, async () => {
      const { make, underway } = underTest();
      const both = [make(order), make({ ...order, ...other })];
      assert.equal(underway.length, 2);
      for (const { resolve } of underway) resolve(null);
      await Promise.all(both);
    });
  }

  test('can be sent again once the first is done, also where that failed', async () => {
    const { make, underway } = underTest();
    for (const [index, end] of ['reject', 'resolve', 'resolve'].entries()) {
      const made = make(order);
      if (end === 'resolve') underway[index]?.resolve(null);
      else underway[index]?.reject(new Error('no room'));
      await made.catch(() => undefined);
    }
    assert.equal(underway.length, 3);
  });
});
