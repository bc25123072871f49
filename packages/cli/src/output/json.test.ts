import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { test } from 'node:test';
import { readEnvironment } from '../environment.ts';
import { writeJsonArray } from './json.ts';

async function written(pages: Iterable<readonly unknown[]>): Promise<string> {
  const stdout = new PassThrough();
  const context = {
    environment: readEnvironment({}),
    stdin: new PassThrough(),
    stdout,
    stderr: new PassThrough(),
    interrupted: new AbortController().signal,
  };
  const [text] = await Promise.all([
    readText(stdout),
    writeJsonArray(context, pages).then(() => stdout.end()),
  ]);
  return text;
}

test('pages become one array with an element a line', async () => {
  assert.equal(await written([[{ a: 1 }, { a: 2 }], [], [{ a: 3 }]]), '[\n{"a":1},\n{"a":2},\n{"a":3}\n]\n');
});

test('no element is an empty array', async () => {
  assert.equal(await written([]), '[]\n');
  assert.equal(await written([[]]), '[]\n');
});

test('a list longer than the buffer of a slow reader arrives whole', async () => {
  const page = Array.from({ length: 1000 }, (_, index) => ({ index, filling: 'x'.repeat(100) }));
  const read: unknown = JSON.parse(await written(Array.from({ length: 5 }, () => page)));
  assert.ok(Array.isArray(read) && read.length === 5000);
});
