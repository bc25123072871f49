import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fieldProblems, problems } from '../packages/contract/src/problems.ts';
import { errorsPage, errorsPagePath } from './errorsPage.ts';

test('the page about errors is what the registry says: npm run docs:errors writes it', () => {
  assert.equal(readFileSync(errorsPagePath, 'utf8'), errorsPage());
});

test('the page has a row for every code, and each cell is whole', () => {
  const rows = errorsPage()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const codes = [...Object.keys(problems), ...Object.keys(fieldProblems)];
  assert.equal(rows.length, codes.length);
  for (const code of codes)
    assert.ok(
      rows.some((row) => row.startsWith(`| \`${code}\` | `)),
      code,
    );
  for (const row of rows) assert.ok([4, 5].includes(row.split('|').length), row);
});
