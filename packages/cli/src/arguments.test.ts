import assert from 'node:assert/strict';
import { test } from 'node:test';
import { products } from '@seatledger/contract';
import { InvalidArgumentError } from 'commander';
import {
  customerArgument,
  customersArgument,
  numberArgument,
  productArgument,
  resourceArgument,
  seatsArgument,
  shareArgument,
  signedNumberArgument,
} from './arguments.ts';

test('every product is found by its number and by its name in any case', () => {
  for (const { type, name } of products) {
    assert.equal(productArgument(String(type)).type, type);
    assert.equal(productArgument(name.toUpperCase()).type, type);
    assert.equal(productArgument(name.toLowerCase()).type, type);
  }
});

test('what is no product is refused', () => {
  for (const text of ['', '0', '3', '02048', '2048.0', '-1', '1e3', '0x800', 'Cloud Backup', '99999999999']) {
    assert.throws(() => productArgument(text), InvalidArgumentError, text);
  }
});

test('a customer id is taken in lower case, and refused outside its grammar', () => {
  assert.equal(customerArgument('CONTOSO.example'), 'contoso.example');
  assert.deepEqual(customersArgument('B', customersArgument('A', undefined)), ['a', 'b']);
  for (const text of ['', '..', '-x', 'a/b', 'a b', 'a'.repeat(65)]) {
    assert.throws(() => customerArgument(text), InvalidArgumentError, text);
  }
});

test('seats are whole numbers that the ledger can hold', () => {
  assert.deepEqual(['0', '25', '2147483647'].map(seatsArgument), [0, 25, 2_147_483_647]);
  for (const text of ['', '-1', '1.5', '1e3', ' 1', '0x10', '2147483648', '９'])
    assert.throws(() => seatsArgument(text), InvalidArgumentError, text);
});

test('a number is whole and one that can be counted with', () => {
  assert.equal(numberArgument('9007199254740991'), 9_007_199_254_740_991);
  for (const text of ['', '-1', '9007199254740992', '99999999999999999', 'x'])
    assert.throws(() => numberArgument(text), InvalidArgumentError, text);
});

test('what is available may be less than nothing, and a share is from 0 to 1', () => {
  assert.deepEqual(['-3', '0', '25'].map(signedNumberArgument), [-3, 0, 25]);
  for (const text of ['', '--1', '1.5', '1e3', '-99999999999999999'])
    assert.throws(() => signedNumberArgument(text), InvalidArgumentError, text);
  assert.deepEqual(['0', '0.1', '.5', '1', '1.0'].map(shareArgument), [0, 0.1, 0.5, 1, 1]);
  for (const text of ['', '-0.1', '1.1', '10%', '1e-1', 'x'])
    assert.throws(() => shareArgument(text), InvalidArgumentError, text);
});

test('a resource is found by its id and by its service text, case ignored', () => {
  assert.equal(resourceArgument('OFFICE365BACKUP').id, 'Office365Backup');
  assert.equal(resourceArgument('fly migration').id, 'FlyMigration');
  assert.throws(() => resourceArgument('Office366Backup'), InvalidArgumentError);
});
