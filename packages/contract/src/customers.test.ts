import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseCustomerId } from './customers.ts';

describe('a customer id', () => {
  test('is 1 to 64 letters, digits, points, hyphens and underscores after a letter or digit, in lower case', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/), (text) => {
        assert.equal(parseCustomerId(text), text.toLowerCase());
      }),
      { examples: [['a'], ['9'], ['A'.repeat(64)], ['4DE84505-FA99-5266-A644-E6BAC921C6C9']] },
    );
  });

  test('is the same once it has been read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.uuid()), (text) => {
        const id = parseCustomerId(text);
        if (id !== undefined) assert.equal(parseCustomerId(id), id);
      }),
    );
  });

  for (const text of [
    '',
    ' a',
    'a ',
    'a\n',
    '\na',
    '.a',
    '-a',
    '_a',
    'a b',
    'a/b',
    'é',
    'aé',
    'İ',
    '\u212a',
    'a\0',
    'a'.repeat(65),
  ]) {
    test(`is not ${JSON.stringify(text.slice(0, 10))}`, () => {
      assert.equal(parseCustomerId(text), undefined);
    });
  }
});
