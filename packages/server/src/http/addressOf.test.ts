import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addressOf } from './addressOf.ts';

const peer = '192.0.2.1';
const of = (ip: string | undefined, remoteAddress: string | undefined = peer) =>
  addressOf({ ip, raw: { socket: { remoteAddress } } } as never);

describe('the address of a request', () => {
  for (const [told, address] of [
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:51234', '2001:db8::1'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ] as const) {
    test(`is ${address} where a trusted proxy says ${told}`, () => assert.equal(of(told), address));
  }

  for (const told of ['unknown', '_hidden', '', '203.0.113.999', '203.0.113.7:port', 'a'.repeat(5000)]) {
    test(`is that of the connection where a trusted proxy says ${told.slice(0, 20)}`, () =>
      assert.equal(of(told), peer));
  }

  test('is empty where the sender is gone', () => {
    assert.equal(addressOf({ ip: undefined, raw: { socket: {} } } as never), '');
  });
});
