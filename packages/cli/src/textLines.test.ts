import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { textLines } from './textLines.ts';

async function linesOf(...pieces: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const group of textLines(Readable.from(pieces))) lines.push(...group);
  return lines;
}

test('a line ends at its line feed alone, wherever the text was cut into pieces', async () => {
  const text = 'one\n\u2028two\u2029\r\n\nthree\n';
  const expected = ['one\n', '\u2028two\u2029\r\n', '\n', 'three\n'];
  assert.deepEqual(await linesOf(text), expected);
  assert.deepEqual(await linesOf(...text.split('')), expected);
  assert.deepEqual(await linesOf(text.slice(0, 6), '', text.slice(6)), expected);
});

test('a line that was not ended lacks its line feed', async () => {
  assert.deepEqual(await linesOf('one\ntw', 'o'), ['one\n', 'two']);
  assert.deepEqual(await linesOf(), []);
});
