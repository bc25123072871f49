import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from './printable.ts';

test('what would move the cursor, colour or turn the text is shown and not obeyed', () => {
  assert.equal(
    printable('a\u001b[2Jb\nc\u202ed\u2028e\u009bf'),
    'a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{2028}e\\u{9b}f',
  );
});

test('text of any language stays as it is', () => {
  for (const text of ['Contoso Ltd', 'Müller & Söhne', '東京株式会社', 'شركة', '👩‍🚀 Co'])
    assert.equal(printable(text), text);
});
