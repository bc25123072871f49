import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvHeader, csvRows } from './csv.ts';

test('rows follow the columns, and what needs quotes has them', () => {
  const rows = [{ name: 'Contoso, "Ltd"', seats: 25, note: 'two\nlines' }];
  assert.equal(csvHeader(['seats', 'name', 'note']), 'seats,name,note\n');
  assert.equal(csvRows(rows, ['seats', 'name', 'note']), '25,"Contoso, ""Ltd""","two\nlines"\n');
  assert.equal(csvRows([], ['seats']), '');
});

test('text that a spreadsheet would run is disarmed, and a negative number stays one', () => {
  const rows = ['=1+1', '+1', '-1', '@x', '\tx', '＝1'].map((name) => ({ name, seats: -3 }));
  for (const line of csvRows(rows, ['name', 'seats']).trimEnd().split('\n')) assert.match(line, /^'.*,-3$/);
});

test('what is a formula behind a semicolon or blanks is disarmed too, also in what is written as JSON', () => {
  assert.equal(csvRows([{ name: ' =1+1' }, { name: 'a;=1;b' }], ['name']), " '=1+1\na;'=1;b\n");
  assert.equal(csvRows([{ list: ['a;=1'] }], ['list']), `"[""a;'=1""]"\n`);
});
