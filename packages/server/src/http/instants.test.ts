import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { instantFromWire, instantToWire } from './instants.ts';

const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const instant = fc.integer({ min: 0, max: last });

describe('an instant', () => {
  test('that is sent is read back as it was', () => {
    fc.assert(
      fc.property(instant, (at) => {
        assert.equal(instantFromWire(instantToWire(at)), at);
      }),
      { examples: [[0], [last]] },
    );
  });

  test('that is sent is in UTC, to the millisecond', () => {
    assert.equal(instantToWire(Date.UTC(2026, 0, 31, 9, 30)), '2026-01-31T09:30:00.000Z');
  });

  test('is the same with any offset', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -(24 * 60 - 1), max: 24 * 60 - 1 }), (at, offsetMinutes) => {
        const local = at + offsetMinutes * 60_000;
        fc.pre(local >= 0 && local <= last);
        const size = Math.abs(offsetMinutes);
        const [hours, minutes] = [Math.floor(size / 60), size % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const clock = new Date(local).toISOString().slice(0, -1);
        const sign = offsetMinutes < 0 ? '-' : '+';
        assert.equal(instantFromWire(`${clock}${sign}${hours}:${minutes}`), at);
        assert.equal(instantFromWire(`${clock}${sign}${hours}${minutes}`), at);
      }),
    );
  });

  for (const [text, iso] of [
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-01-31T09:30Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31t09:30:15z', '2026-01-31T09:30:15.000Z'],
    ['2026-01-31 09:30:15Z', '2026-01-31T09:30:15.000Z'],
    ['2026-01-31T09:30:15.5Z', '2026-01-31T09:30:15.500Z'],
    ['2026-01-31T09:30:15.123999999Z', '2026-01-31T09:30:15.123Z'],
    ['1970-01-01T01:00:00+01:00', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ] as const) {
    test(`written ${text} is ${iso}`, () => {
      assert.equal(instantFromWire(text), Date.parse(iso));
    });
  }

  for (const text of [
    '',
    'now',
    '2026',
    '2026-01',
    '20260131',
    '2026-1-31',
    '31.01.2026',
    '01/31/2026',
    '01-31-2026T12:00:00Z',
    '1769850000000',
    ' 2026-01-31',
    '2026-01-31\n',
    '2026-01-31Z',
    '2026-01-31T09:30',
    '2026-01-31T09:30:15',
    '2026-01-31T09Z',
    '2026-01-31T09:30:15.Z',
    '2026-01-31T09:30:15.1234567890Z',
    '2026-01-31T09:30:15+1',
    '2026-01-31T09:30:15+01',
    '2026-01-31T09:30:15 UTC',
    '2026-00-01',
    '2026-13-01',
    '2026-01-00',
    '2026-01-32',
    '2026-02-29',
    '2026-04-31',
    '2026-01-31T24:00:00Z',
    '2026-01-31T09:60:00Z',
    '2026-01-31T09:30:60Z',
    '2026-01-31T09:30:15+24:00',
    '2026-01-31T09:30:15+00:60',
    '0000-01-01',
    '0070-01-01',
    '0099-12-31',
    '1969-12-31',
    '1970-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '10000-01-01',
    '+012026-01-31',
    '２０２６-01-31',
  ]) {
    test(`written ${JSON.stringify(text)} is none`, () => {
      assert.equal(instantFromWire(text), undefined);
    });
  }

  test('that is read at all is from 1970 to 9999, whatever is written', () => {
    const digits = (length: number) =>
      fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'));
    const written = fc
      .tuple(
        digits(4),
        digits(2),
        digits(2),
        digits(2),
        digits(2),
        digits(2),
        fc.constantFrom('Z', '+01:00', '-23:59'),
      )
      .map(([y, mo, d, h, mi, s, zone]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${zone}`);
    fc.assert(
      fc.property(fc.oneof(written, fc.string()), (text) => {
        const at = instantFromWire(text);
        if (at === undefined) return;
        assert.ok(Number.isInteger(at) && at >= 0 && at <= last, text);
        assert.equal(at, Date.parse(text.replace(' ', 'T')), text);
      }),
      { numRuns: runs(5000) },
    );
  });
});
