import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidArgumentError } from 'commander';
import { detailsArgument } from './details.ts';

test('details are gathered by name, and a value keeps its equals signs', () => {
  const one = detailsArgument('package=Standard');
  assert.deepEqual(detailsArgument('storage=1=2=', one), { package: 'Standard', storage: '1=2=' });
});

test('what names no detail, or one without a value or twice, is refused', () => {
  for (const text of ['package', 'package=', '=x', 'Package=x', 'toString=x', 'colour=red']) {
    assert.throws(() => detailsArgument(text), InvalidArgumentError, text);
  }
  assert.throws(() => detailsArgument('package=Pro', { package: 'Standard' }), InvalidArgumentError);
});
