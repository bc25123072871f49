import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseProductTypeText, productByName, productByType, products } from './products.ts';

/** As the page "Get customer avepoint user seats" (AvePoint Graph API, 2025-09-26) lists them. */
const ofPage: readonly (readonly [type: number, name: string])[] = [
  [1, 'DocAve Online'],
  [4, 'Cloud Governance'],
  [32, 'Cloud Backup for Salesforce'],
  [40, 'Baseline Management'],
  [41, 'Risk Management'],
  [42, 'Workspace Management'],
  [49, 'User Management'],
  [60, 'MyHub'],
  [65, 'WorkSpace Management - Storage Optimization'],
  [257, 'TyGraph'],
  [2048, 'Cloud Backup for Microsoft 365'],
  [4096, 'Cloud Management'],
  [8192, 'Cloud Archiving'],
  [65536, 'Opus'],
  [131072, 'Cloud Backup for Dynamics 365'],
  [4194304, 'Insights'],
  [8388608, 'Policies for Microsoft 365'],
  [16777216, 'Fly'],
  [33554432, 'Cloud Backup for Google Workspace'],
  [67108864, 'Cense'],
  [134217728, 'Enpower'],
  [1073741824, 'Cloud Backup for IaaS + PaaS'],
];

describe('the catalogue', () => {
  test('has the 22 products of the page, by their numbers and names, in its order', () => {
    assert.equal(ofPage.length, 22);
    assert.deepEqual(
      products.map(({ type, name }) => [type, name]),
      ofPage,
    );
  });

  test('has a product for each of its numbers and for nothing else, sums and powers of two included', () => {
    const known = new Map(ofPage);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer(),
          fc.nat(5000),
          fc.nat(30).map((bit) => 2 ** bit),
          fc.double(),
        ),
        (type) => {
          assert.equal(productByType(type)?.name, known.get(type));
        },
      ),
    );
    for (const [one] of ofPage) {
      for (const [other] of ofPage) assert.equal(productByType(one + other)?.name, known.get(one + other));
    }
  });

  test('has a product for each of its names, in any letters and with blanks around them', () => {
    for (const [type, name] of ofPage) {
      for (const text of [name, name.toUpperCase(), name.toLowerCase(), `  ${name}\t`]) {
        assert.equal(productByName(text)?.type, type);
      }
      assert.equal(productByName(name.slice(1)), undefined);
    }
    assert.equal(productByName(''), undefined);
  });
});

describe('a product type in text', () => {
  test('is a number of at most ten digits, written in the one way in which numbers are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), (type) => {
        assert.equal(parseProductTypeText(String(type)), type);
      }),
      { examples: [[0], [9_999_999_999]] },
    );
  });

  test('is nothing that numbers are not written like', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+ 0-9.ex_,]{0,12}$/)), (text) => {
        const type = parseProductTypeText(text);
        assert.equal(type === undefined, !/^(0|[1-9][0-9]{0,9})$/.test(text));
        if (type !== undefined) assert.equal(String(type), text);
      }),
    );
  });
});
