import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { secretYears, type SecretYears } from '@seatledger/contract';
import fc from 'fast-check';
import { startTestServer } from '../testing/server.ts';
import { makeSecret, secretInForce } from './secrets.ts';

const now = Date.UTC(2026, 0, 31, 9, 30);
const make = (years: SecretYears = 1, at = now) => makeSecret({ credentialId: 'a', now: at, years });
const expiryOf = (madeAt: string, years: SecretYears) =>
  new Date(make(years, Date.parse(madeAt)).kept.expiresAt).toISOString();

describe('a client secret', () => {
  test('is 256 random bits behind the prefix that scanners look for', () => {
    const secrets = Array.from({ length: 1000 }, () => make().text);
    const ones = Array.from({ length: 256 }, () => 0);
    for (const text of secrets) {
      assert.match(text, /^sls_[A-Za-z0-9_-]{43}$/);
      const bytes = Buffer.from(text.slice(4), 'base64url');
      assert.equal(bytes.length, 32);
      for (const bit of ones.keys())
        ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
    }
    assert.equal(new Set(secrets).size, secrets.length);
    // Each bit is one in about half of them; fewer than 350 or more than 650 of 1000 are 9 standard deviations off.
    assert.deepEqual(
      ones.filter((count) => count < 350 || count > 650),
      [],
    );
  });

  test('is kept as its SHA-256 and its last four characters, and nothing else of it', () => {
    const { text, kept } = make();
    assert.deepEqual(kept, {
      kind: 'secret',
      credentialId: 'a',
      hash: createHash('sha256').update(text).digest('hex'),
      lastFour: text.slice(-4),
      createdAt: now,
      expiresAt: Date.UTC(2027, 0, 31, 9, 30),
      lastUse: null,
    });
  });

  test('is nowhere in the store, and its hash is', async () => {
    const server = await startTestServer();
    try {
      const { clientSecret } = server.admin;
      const contents = await server.place.contents();
      const holding = (text: string) => contents.filter((content) => content.includes(text)).length;
      assert.equal(holding(clientSecret), 0);
      assert.equal(holding(clientSecret.slice(4, 20)), 0);
      assert.ok(holding(createHash('sha256').update(clientSecret).digest('hex')) > 0);
    } finally {
      await server.stop();
    }
  });
});

describe('the term of a client secret', () => {
  for (const years of secretYears) {
    test(`ends after ${years} year(s), to the millisecond`, () => {
      assert.equal(expiryOf('2026-01-31T09:30:00.123Z', years), `${2026 + years}-01-31T09:30:00.123Z`);
    });

    test(`ends on 1 March where it began on 29 February and lasts ${years} year(s)`, () => {
      assert.equal(expiryOf('2028-02-29T23:59:59.999Z', years), `${2028 + years}-03-01T23:59:59.999Z`);
    });
  }

  test('ends on 28 February where it began on one, leap year or not', () => {
    assert.equal(expiryOf('2027-02-28T00:00:00.000Z', 1), '2028-02-28T00:00:00.000Z');
    assert.equal(expiryOf('2028-02-28T00:00:00.000Z', 1), '2029-02-28T00:00:00.000Z');
  });

  test('is never shorter than its years of 365 days, nor longer by more than the leap days', () => {
    const instant = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('2200-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.constantFrom(...secretYears), (madeAt, years) => {
        const { createdAt, expiresAt } = make(years, madeAt.getTime()).kept;
        const days = (expiresAt - createdAt) / 86_400_000;
        assert.ok(days >= 365 * years && days <= 365 * years + 1, String(days));
      }),
    );
  });
});

describe('whether a text is a secret in force', () => {
  const { text, kept } = make();
  const inForce = (given: string, at = now, secrets = [kept]) =>
    secretInForce(given, secrets, at) !== undefined;

  test('is yes from the start of its term to the millisecond before its end', () => {
    assert.equal(inForce(text), true);
    assert.equal(inForce(text, kept.expiresAt - 1), true);
    assert.equal(inForce(text, kept.expiresAt), false);
  });

  test('is no for any other text', () => {
    for (const other of ['', text.slice(0, -1), `${text}x`, text.toUpperCase(), kept.hash, kept.lastFour]) {
      assert.equal(inForce(other), false);
    }
  });

  test('is no where there is no secret', () => {
    assert.equal(inForce(text, now, []), false);
    assert.equal(inForce('', now, []), false);
  });

  test('asks each of several secrets by its own term', () => {
    const longer = make(3);
    const both = [kept, longer.kept];
    assert.equal(inForce(text, now, both), true);
    assert.equal(inForce(longer.text, now, both), true);
    assert.equal(inForce(text, kept.expiresAt, both), false);
    assert.equal(inForce(longer.text, kept.expiresAt, both), true);
  });

  test('tells which of several it is', () => {
    const other = make();
    assert.equal(secretInForce(text, [other.kept, kept], now), kept);
    assert.equal(secretInForce(other.text, [other.kept, kept], now), other.kept);
  });
});
