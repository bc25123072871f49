import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import '../testing/campaign.ts';
import { createFailureLimit } from './failureLimit.ts';

const address = '192.0.2.1';
const elsewhere = '192.0.2.2';

function open() {
  const clock = { now: 5000 };
  const limit = createFailureLimit({ monotonicMs: () => clock.now });
  /** Fails until that is refused, and says how often. */
  function failUntilRefused(from: string, clientIds: readonly string[]): number {
    for (let failures = 0; ; failures++) {
      const clientId = clientIds[failures % clientIds.length] ?? '';
      if (limit.refusedFor(from, clientId) !== undefined) return failures;
      limit.failed(from, clientId);
    }
  }
  return { limit, clock, failUntilRefused };
}
const clients = Array.from({ length: 50 }, (_, index) => `client ${index}`);

describe('a client at an address', () => {
  test('is refused after 20 failures, for whole seconds, and one more comes every three', () => {
    const { limit, clock, failUntilRefused } = open();
    assert.equal(failUntilRefused(address, ['a client']), 20);
    assert.equal(limit.refusedFor(address, 'a client'), 3);
    clock.now += 2999;
    assert.equal(limit.refusedFor(address, 'a client'), 1);
    clock.now += 1;
    assert.equal(failUntilRefused(address, ['a client']), 1);
    clock.now += 60_000;
    assert.equal(failUntilRefused(address, ['a client']), 20);
  });

  test('is one whatever the case of its id', () => {
    const { failUntilRefused } = open();
    assert.equal(failUntilRefused(address, ['A Client', 'a client', 'A CLIENT']), 20);
  });

  test('is not refused for what another client does there, nor for what it does itself elsewhere', () => {
    const { limit, failUntilRefused } = open();
    failUntilRefused(address, ['a client']);
    assert.equal(limit.refusedFor(address, 'another client'), undefined);
    assert.equal(limit.refusedFor(elsewhere, 'a client'), undefined);
  });

  test('is never refused for what others do in its name from any number of addresses', () => {
    const { limit, failUntilRefused } = open();
    for (let last = 1; last < 250; last++) failUntilRefused(`198.51.100.${last}`, ['a client']);
    assert.equal(limit.refusedFor(address, 'a client'), undefined);
  });

  test('may ask as often as it likes while nothing fails', () => {
    const { limit } = open();
    for (let asked = 0; asked < 10_000; asked++)
      assert.equal(limit.refusedFor(address, 'a client'), undefined);
  });
});

describe('an address', () => {
  test('is refused after 100 failures, whatever the clients, and one more comes every 0.6 seconds', () => {
    const { limit, clock, failUntilRefused } = open();
    assert.equal(failUntilRefused(address, clients), 100);
    assert.equal(limit.refusedFor(address, 'a client that never failed'), 1);
    assert.equal(limit.refusedFor(elsewhere, 'client 1'), undefined);
    clock.now += 599;
    assert.equal(limit.refusedFor(address, 'client 1'), 1);
    clock.now += 1;
    assert.equal(failUntilRefused(address, clients), 1);
  });

  test('of IPv6 counts with all of its network', () => {
    const { limit, failUntilRefused } = open();
    failUntilRefused('2001:db8:1:2::1', ['a client']);
    assert.equal(limit.refusedFor('2001:0DB8:1:2:ffff::9', 'a client'), 3);
    assert.equal(limit.refusedFor('2001:db8:1:3::1', 'a client'), undefined);
  });

  test('of IPv4 is the same where it is mapped into IPv6', () => {
    const { limit, failUntilRefused } = open();
    failUntilRefused(`::ffff:${address}`, ['a client']);
    assert.equal(limit.refusedFor(address, 'a client'), 3);
    assert.equal(limit.refusedFor(`::ffff:${elsewhere}`, 'a client'), undefined);
  });
});

test('failures that were looked at in the same moment are all counted, so that the next wait is the longer', () => {
  const { limit, clock } = open();
  for (let failures = 0; failures < 30; failures++) limit.failed(address, 'a client');
  assert.equal(limit.refusedFor(address, 'a client'), 33);
  for (let failures = 0; failures < 10_000; failures++) limit.failed(address, 'a client');
  // Nobody owes for longer than two minutes.
  assert.equal(limit.refusedFor(address, 'a client'), 63);
  clock.now += 63_000;
  assert.equal(limit.refusedFor(address, 'a client'), undefined);
});

test('an id of any length and of any characters is counted', () => {
  const { limit, failUntilRefused } = open();
  for (const clientId of ['', '\n', '\u0000', 'é'.repeat(100), 'x'.repeat(1_000_000)]) {
    const from = `192.0.2.${clientId.length % 200}`;
    assert.equal(failUntilRefused(from, [clientId]), 20);
    assert.equal(limit.refusedFor(from, `${clientId} `.slice(-2)), undefined);
  }
});

test('in any time at most the burst and what comes in that time is looked at and found wrong', () => {
  const attempts = fc.array(
    fc.record({
      from: fc.constantFrom(address, elsewhere, '2001:db8::1', '2001:db8::2'),
      clientId: fc.constantFrom('one', 'ONE', 'other'),
      times: fc.nat({ max: 30 }),
      waitMs: fc.nat({ max: 5000 }),
    }),
    { maxLength: 40, size: 'max' },
  );
  fc.assert(
    fc.property(attempts, (attempted) => {
      const { limit, clock } = open();
      const failures = new Map<string, number[]>();
      for (const { from, clientId, times, waitMs } of attempted) {
        clock.now += waitMs;
        for (let time = 0; time < times; time++) {
          if (limit.refusedFor(from, clientId) !== undefined) break;
          limit.failed(from, clientId);
          const network = from.includes(':') ? 'IPv6' : from;
          for (const key of [network, `${network} ${clientId.toLowerCase()}`])
            failures.set(key, [...(failures.get(key) ?? []), clock.now]);
        }
      }
      for (const [key, times] of failures) {
        const perMinute = key.includes(' ') ? 20 : 100;
        for (const [first, from] of times.entries()) {
          const last = times.length - 1;
          const to = times[last] ?? 0;
          assert.ok((last - first + 1) * 60_000 <= perMinute * (60_000 + to - from), key);
        }
      }
    }),
  );
});
