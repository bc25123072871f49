import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { table } from './table.ts';

interface Row {
  readonly name: string;
  readonly seats: number;
}

const columns = [
  { title: 'NAME', value: ({ name }: Row) => name },
  { title: 'SEATS', value: ({ seats }: Row) => seats, align: 'right' as const },
];

test('columns are aligned, numbers to the right, and no line ends in blanks', () => {
  const rows = [
    { name: 'contoso', seats: 1200 },
    { name: '東京', seats: -3 },
  ];
  assert.equal(
    table(rows, columns, new PassThrough()),
    ['NAME     SEATS', 'contoso   1200', '東京        -3', ''].join('\n'),
  );
});

test('a name with control characters keeps its row', () => {
  const text = table([{ name: 'a\nb\u001b[31m', seats: 1 }], columns, new PassThrough());
  assert.equal(text.split('\n').length, 3);
  assert.ok(!text.includes('\u001b'));
});
