import assert from 'node:assert/strict';
import { test } from 'node:test';
import { products } from '@seatledger/contract';
import { InvalidArgumentError } from 'commander';
import { customerArgument, customersArgument, productArgument } from './arguments.ts';

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
