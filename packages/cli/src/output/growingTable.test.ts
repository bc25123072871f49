import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { growingTable } from './growingTable.ts';

test('rows stand below their titles, and a column that needs more keeps it', () => {
  const columns = [
    { title: 'N', value: ({ n }: { n: number; name: string }) => n, align: 'right' as const },
    { title: 'NAME', value: ({ name }: { n: number; name: string }) => name },
    { title: 'LAST', value: () => 'x' },
  ];
  const { head, lines } = growingTable(columns, new PassThrough(), [3, 5]);
  assert.equal(head(), '  N  NAME   LAST\n');
  assert.equal(lines([{ n: 1, name: 'a' }]), '  1  a      x\n');
  assert.equal(lines([{ n: 2, name: 'longer\u001b' }]), '  2  longer\\u{1b}  x\n');
  assert.equal(lines([{ n: 12345, name: 'b' }]), '12345  b             x\n');
});
