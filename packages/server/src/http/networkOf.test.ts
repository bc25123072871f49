import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import '../testing/campaign.ts';
import { networkOf } from './networkOf.ts';

const groups = fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 0xffff })), { minLength: 8, maxLength: 8 });

/** The address in full, and as the URL standard writes it, which is the shortest. */
function spellingsOf(address: readonly number[]): readonly string[] {
  const full = address.map((group) => group.toString(16).padStart(4, '0')).join(':');
  const short = new URL(`http://[${full}]`).hostname.slice(1, -1);
  return [full, full.toUpperCase(), short, `${short}%eth0`];
}

describe('an address of IPv6', () => {
  test('is counted by its first 64 bits, whatever follows and however it is written', () => {
    fc.assert(
      fc.property(groups, groups, (one, other) => {
        fc.pre(one.slice(0, 4).some((group) => group !== 0));
        const neighbour = [...one.slice(0, 4), ...other.slice(4)];
        const networks = new Set([...spellingsOf(one), ...spellingsOf(neighbour)].map(networkOf));
        assert.equal(networks.size, 1);
        const [network = ''] = networks;
        assert.ok(isIPv6(network));
      }),
    );
  });

  test('is told apart from one of another network', () => {
    fc.assert(
      fc.property(groups, fc.nat({ max: 3 }), fc.nat({ max: 0xffff }), (one, differing, group) => {
        fc.pre(one[differing] !== group);
        const other = one.with(differing, group);
        fc.pre([one, other].every((address) => address.slice(0, 4).some((part) => part !== 0)));
        const [[first = ''], [second = '']] = [spellingsOf(one), spellingsOf(other)];
        assert.notEqual(networkOf(first), networkOf(second));
      }),
    );
  });

  test('that is one of IPv4 is counted as that', () => {
    for (const address of [
      '::ffff:192.0.2.1',
      '::FFFF:c000:201',
      '0:0:0:0:0:ffff:192.0.2.1',
      '::ffff:192.0.2.1%eth0',
    ])
      assert.equal(networkOf(address), '192.0.2.1');
    assert.notEqual(networkOf('::192.0.2.1'), '192.0.2.1');
  });
});

describe('an address of IPv4', () => {
  test('is counted as it is', () => {
    assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
    assert.notEqual(networkOf('192.0.2.1'), networkOf('192.0.2.2'));
  });
});

test('a text that is no address is counted as it is, up to a bound', () => {
  for (const text of ['', 'unknown', '192.0.2.1:80', '1.2.3', ':::']) assert.equal(networkOf(text), text);
  assert.equal(networkOf('x'.repeat(1_000_000)), 'x'.repeat(100));
});
