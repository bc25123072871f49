import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  importColumns,
  licenceTypes,
  parseCustomerId,
  productByType,
  products,
  resourceNamed,
  resources,
} from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../../testing/campaign.ts';
import type { ImportFields } from './fields.ts';
import { rowFromWire } from './rowFromWire.ts';

const right: ImportFields = { customerId: 'contoso', productType: '2048', seats: '25' };

function rowOf(fields: ImportFields) {
  const row = rowFromWire({ ...right, ...fields }, 7);
  assert.ok('customerId' in row, JSON.stringify(row));
  return row;
}
function problemsOf(fields: ImportFields): readonly string[] {
  const problems = rowFromWire({ ...right, ...fields }, 7);
  assert.ok(Array.isArray(problems), JSON.stringify(problems));
  return problems.map(({ line, field, code }) => `${line} ${field} ${code}`);
}

describe('a row of a file', () => {
  test('is what its fields say', () => {
    const row = rowOf({
      customerId: 'Contoso',
      organization: 'Contoso Ltd',
      productType: 'cloud backup for microsoft 365',
      resource: 'office365ppbackup',
      seats: '2147483647',
      startsAt: '2026-01-01',
      expiresAt: '2027-01-01T12:30:00.5+02:00',
      source: 'a distributor',
      externalId: 'E-1',
      licenceType: 'Trial',
    });
    assert.deepEqual(row, {
      line: 7,
      customerId: 'contoso',
      organization: 'Contoso Ltd',
      productType: 2048,
      resource: 'Office365PPBackup',
      seats: 2_147_483_647,
      startsAt: Date.UTC(2026, 0, 1),
      expiresAt: Date.UTC(2027, 0, 1, 10, 30, 0, 500),
      source: 'a distributor',
      externalId: 'E-1',
      licenceType: 'trial',
    });
  });

  test('is, where it says no more than it must, of the default resource, bought, from now on and without end', () => {
    assert.deepEqual(rowOf({}), {
      line: 7,
      customerId: 'contoso',
      organization: null,
      productType: 2048,
      resource: 'Office365Backup',
      seats: 25,
      startsAt: null,
      expiresAt: null,
      source: 'import',
      externalId: null,
      licenceType: 'enterprise',
    });
  });

  for (const { id, service, productType } of resources) {
    test(`may name the resource ${id} by id and by service, and no other product has it`, () => {
      for (const resource of [id, service, service.toUpperCase()]) {
        assert.equal(rowOf({ productType: String(productType), resource }).resource, id);
        const other = products.find(({ type }) => type !== productType);
        assert.deepEqual(problemsOf({ productType: String(other?.type), resource }), [
          '7 resource resource_of_other_product',
        ]);
      }
    });
  }

  const bad: readonly (readonly [fields: ImportFields, problem: string])[] = [
    [{ customerId: undefined }, 'customerId value_required'],
    [{ customerId: '-a' }, 'customerId customer_id_invalid'],
    [{ customerId: 'a'.repeat(65) }, 'customerId customer_id_invalid'],
    [{ customerId: 'a b' }, 'customerId customer_id_invalid'],
    [{ productType: undefined }, 'productType value_required'],
    [{ productType: '3' }, 'productType product_type_unknown'],
    [{ productType: '02048' }, 'productType product_type_unknown'],
    [{ productType: '2048.0' }, 'productType product_type_unknown'],
    [{ productType: '-1' }, 'productType product_type_unknown'],
    [{ productType: 'Office' }, 'productType product_type_unknown'],
    [{ resource: 'Office365' }, 'resource resource_unknown'],
    [{ resource: 'DocAveOnline' }, 'resource resource_of_other_product'],
    [{ seats: undefined }, 'seats value_required'],
    [{ seats: '-1' }, 'seats seats_invalid'],
    [{ seats: '+1' }, 'seats seats_invalid'],
    [{ seats: '1.0' }, 'seats seats_invalid'],
    [{ seats: '1e3' }, 'seats seats_invalid'],
    [{ seats: '0x1' }, 'seats seats_invalid'],
    [{ seats: '1,000' }, 'seats seats_invalid'],
    [{ seats: '1\n' }, 'seats seats_invalid'],
    [{ seats: '٣' }, 'seats seats_invalid'],
    [{ seats: '2147483648' }, 'seats seats_invalid'],
    [{ seats: '99999999999999999999' }, 'seats seats_invalid'],
    [{ startsAt: '01/02/2026' }, 'startsAt instant_invalid'],
    [{ startsAt: '2026-02-30' }, 'startsAt instant_invalid'],
    [{ startsAt: '2026-01-01T00:00' }, 'startsAt instant_invalid'],
    [{ expiresAt: 'never' }, 'expiresAt instant_invalid'],
    [{ startsAt: '2026-01-02', expiresAt: '2026-01-01' }, 'expiresAt term_inverted'],
    [{ licenceType: 'free' }, 'licenceType value_invalid'],
    [{ source: 'x'.repeat(101) }, 'source value_too_long'],
    [{ source: 'a\u0000b' }, 'source value_invalid'],
    [{ externalId: 'x'.repeat(201) }, 'externalId value_too_long'],
    [{ externalId: 'a\nb' }, 'externalId value_invalid'],
    [{ organization: 'x'.repeat(257) }, 'organization value_too_long'],
    [{ organization: '\ud800' }, 'organization value_invalid'],
  ];
  for (const [fields, problem] of bad) {
    test(`with ${JSON.stringify(fields).slice(0, 60)} is refused by ${problem}`, () => {
      assert.deepEqual(problemsOf(fields), [`7 ${problem}`]);
    });
  }

  test('is refused by everything that is wrong with it at once', () => {
    assert.deepEqual(problemsOf({ customerId: '-', productType: 'x', seats: undefined, startsAt: 'y' }), [
      '7 customerId customer_id_invalid',
      '7 productType product_type_unknown',
      '7 seats value_required',
      '7 startsAt instant_invalid',
    ]);
  });
});

describe('whatever the fields are', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
    fc.constantFrom('contoso', '2048', 'Opus', '1', '0', '2147483648', 'Office365Backup', 'trial'),
    fc.integer().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  );
  const fields = fc.record(Object.fromEntries(importColumns.map((column) => [column, text])), {
    requiredKeys: [],
  }) as fc.Arbitrary<ImportFields>;
  /** Such that most of them are good by themselves: rows are to survive too. */
  const maybe = (some: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some });
  const likely: fc.Arbitrary<ImportFields> = fc.record({
    customerId: fc.constantFrom('contoso', 'A', '-'),
    productType: fc.constantFrom(...products.map(({ type }) => String(type)), 'Opus', '3'),
    resource: maybe(fc.constantFrom(...resources.map(({ id }) => id))),
    seats: fc.constantFrom('0', '1', '2147483647', '2147483648'),
    startsAt: maybe(fc.constantFrom('1970-01-01', '2026-01-01T00:00:00Z', '0070-01-01')),
    expiresAt: maybe(fc.constantFrom('1970-01-01', '9999-12-31T23:59:59.999Z')),
    source: maybe(text),
    externalId: maybe(text),
  });

  test('a row survives only as one that the ledger may see', () => {
    let survivors = 0;
    fc.assert(
      fc.property(fc.oneof(fields, likely), (some) => {
        const row = rowFromWire(some, 1);
        if (!('customerId' in row)) {
          assert.ok(row.length > 0);
          return;
        }
        survivors++;
        assert.equal(parseCustomerId(row.customerId), row.customerId);
        assert.ok(productByType(row.productType));
        assert.equal(resourceNamed(row.resource)?.id, row.resource);
        assert.equal(resourceNamed(row.resource)?.productType, row.productType);
        assert.ok(Number.isInteger(row.seats) && row.seats >= 0 && row.seats <= 2_147_483_647);
        const start = row.startsAt ?? 0;
        for (const at of [start, row.expiresAt ?? start]) {
          assert.ok(Number.isInteger(at) && at >= 0 && new Date(at).getUTCFullYear() <= 9999);
        }
        assert.ok((row.expiresAt ?? start) >= start);
        assert.ok(row.source.length > 0 && row.source.length <= 100);
        assert.ok((row.externalId ?? '').length <= 200 && (row.organization ?? '').length <= 256);
        for (const kept of [row.source, row.externalId ?? '', row.organization ?? '']) {
          assert.ok(kept.isWellFormed());
          assert.doesNotMatch(kept, /\p{Cc}/u);
        }
        assert.ok(licenceTypes.includes(row.licenceType));
      }),
      { numRuns: runs(3000) },
    );
    assert.ok(survivors > 100, `${survivors} rows survived`);
  });
});
