/** What somebody without the key can do to a signed JWT. */

import fc from 'fast-check';
import { encoded, type Json } from './assertions.ts';

export type Mutation = (jwt: string) => string;
type Parts = [header: string, claims: string, signature: string];

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const partsOf = (jwt: string) => jwt.split('.') as Parts;
export const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;
const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);

const otherAlgorithms = ['none', 'None', 'HS256', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'rs256', ''];

const headerChange: fc.Arbitrary<Json> = fc.oneof(
  fc.record({
    alg: fc.constantFrom(...otherAlgorithms, null),
  }),
  fc.record({ typ: fc.constantFrom('JWT', 'at', '', null, 7) }),
  fc.record({ kid: fc.oneof(fc.string(), fc.constantFrom(null, 7, '../../etc/passwd', '__proto__')) }),
  fc.record({ x5t: fc.oneof(fc.base64String(), fc.constantFrom(null, 7)) }),
  fc.record({ jku: fc.webUrl() }),
  fc.constant({ jwk: { kty: 'oct', k: 'AAAA' } }),
  fc.constant({ crit: ['b64'], b64: false }),
  fc.record({ zip: fc.constant('DEF') }),
);

/** How the forger makes a signature for what they changed, from the one that was there. */
export type Signatures = Readonly<Record<string, (signed: string, original: string) => string>>;

/** Another header and other claims, or the same ones, with any of the signatures. */
export function rewritten(claimsChange: fc.Arbitrary<Json>, signatures: Signatures): fc.Arbitrary<Mutation> {
  return fc
    .record({
      header: fc.option(headerChange, { nil: {} }),
      claims: fc.option(claimsChange, { nil: {} }),
      signature: fc.constantFrom(...Object.keys(signatures)),
    })
    .map(({ header, claims, signature }) => (jwt) => {
      const [oldHeader, oldClaims, oldSignature] = partsOf(jwt);
      const changed = [
        { ...decoded(oldHeader), ...header },
        { ...decoded(oldClaims), ...claims },
      ];
      const signed = changed.map((part) => encoded(JSON.stringify(part))).join('.');
      return `${signed}.${signatures[signature]?.(signed, oldSignature)}`;
    });
}

const index = fc.nat(10_000);
const letter = fc.constantFrom(...alphabet.split(''));

/** Other characters, or the same ones put otherwise; `another` is a JWT that is signed with the same key. */
export function respelled(another: () => string): fc.Arbitrary<Mutation> {
  return fc.oneof(
    fc.tuple(index, letter).map(
      ([at, by]) =>
        (jwt: string) =>
          replaced(jwt, at % jwt.length, by),
    ),
    fc.tuple(index, letter).map(
      ([at, by]) =>
        (jwt: string) =>
          jwt.slice(0, at % jwt.length) + by + jwt.slice(at % jwt.length),
    ),
    index.map((at) => (jwt: string) => replaced(jwt, at % jwt.length, '')),
    index.map((at) => (jwt: string) => jwt.slice(0, at % jwt.length)),
    fc.tuple(index, fc.constantFrom(' ', '\n', '\t', '=', '.', '~', '+', '/', '%', '\0', 'é')).map(
      ([at, by]) =>
        (jwt: string) =>
          jwt.slice(0, at % (jwt.length + 1)) + by + jwt.slice(at % (jwt.length + 1)),
    ),
    // The last character of 256 and of 64 bytes carries two bits: sixteen characters spell them.
    fc.integer({ min: 1, max: 15 }).map((stray) => (jwt: string) => {
      const last = alphabet.indexOf(jwt.at(-1) ?? '');
      return jwt.slice(0, -1) + alphabet[last ^ stray];
    }),
    fc.constantFrom<Mutation[]>(
      (jwt) => `${jwt}=`,
      (jwt) => `${jwt}==`,
      (jwt) => jwt.replaceAll('-', '+').replaceAll('_', '/'),
      (jwt) => jwt.toUpperCase(),
      (jwt) => `${jwt}.`,
      (jwt) => `.${jwt}`,
      (jwt) => jwt.split('.').toReversed().join('.'),
      (jwt) => partsOf(jwt).slice(0, 2).join('.'),
      (jwt) => [partsOf(jwt)[0], partsOf(another())[1], partsOf(jwt)[2]].join('.'),
      (jwt) => `${jwt}${jwt}`,
      () => '',
      () => '..',
    ),
  );
}

/** One bit of the signature is another. */
export const signatureBit: fc.Arbitrary<Mutation> = fc.nat(2047).map((bit) => (jwt) => {
  const [header, claims, signature] = partsOf(jwt);
  const bytes = Buffer.from(signature, 'base64url');
  const at = (bit >> 3) % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
  return `${header}.${claims}.${bytes.toString('base64url')}`;
});
