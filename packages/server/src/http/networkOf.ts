/** Addresses as they are counted: whoever has one address of IPv6 has the 2^64 of its network. */

import { isIPv4, isIPv6 } from 'node:net';

/** The longest text that is told apart where it is no address, in characters; a proxy may send anything. */
const textLengthMax = 100;

/**
 * The address itself of IPv4, also where it is mapped into IPv6; of IPv6 its first 64 bits, for the rest is the host's to choose
 * (RFC 4291 section 2.5.1). Equal for all spellings of an address.
 */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  // What follows names an interface of this machine (RFC 4007 section 11).
  const [text = ''] = address.split('%', 1);
  if (!isIPv6(text)) return text.slice(0, textLengthMax);
  const groups = groupsOf(text);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::`;
}

/** The eight groups of an address of IPv6 (RFC 4291 section 2.2). */
function groupsOf(address: string): readonly number[] {
  const [before = [], after = []] = address.split('::').map(groupsIn);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

function groupsIn(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
