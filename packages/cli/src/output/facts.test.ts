import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsText } from './facts.ts';

test('values stand below each other, nothing is left of an empty one, and none steers the terminal', () => {
  assert.equal(
    factsText([
      ['id', 7],
      ['organization', 'a\u001b[2J'],
      ['owner', ''],
    ]),
    'id            7\norganization  a\\u{1b}[2J\nowner\n',
  );
});
