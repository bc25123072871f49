import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findings } from './tidyRules.ts';

test('the repository is tidy', () => {
  const files = globSync(
    '{.,packages/**,e2e/**,checks/**,samples/**,bench/**,docs/**}/*.{ts,tsx,js,md,json,yml,yaml,css,html,sh}',
    {
      exclude: ['**/node_modules/**'],
    },
  );
  assert.ok(files.length > 0, 'start from the root of the repository');
  const found = files.flatMap((file) => findings(file, readFileSync(file, 'utf8')));
  assert.equal(found.join('\n'), '');
});

test('what is fine passes', () => {
  assert.deepEqual(findings('packages/server/src/app.ts', 'Date.now();'), []);
  assert.deepEqual(findings('packages/server/src/ledger/terms.ts', 'new Date(at);\n'.repeat(400)), []);
  assert.deepEqual(findings('packages/server/src/store/sqlite/open.ts', '// SQLite'), []);
  assert.deepEqual(findings('packages/cli/src/print.ts', 'new Date();'), []);
  assert.deepEqual(findings('packages/server/src/http/methods.test.ts', "test('a name');"), []);
});

const untidy: Record<string, [path: string, text: string]> = {
  'a file of two ideas': ['packages/server/src/ledger/seats.ts', 'x;\n'.repeat(401)],
  'a folder without a meaning': ['packages/server/src/utils/seats.ts', ''],
  'the clock by number': ['packages/server/src/ledger/seats.ts', 'Date.now()'],
  'the clock by date': ['packages/server/src/ledger/seats.ts', 'new Date()'],
  'the clock by date, without parentheses': ['packages/server/src/ledger/seats.ts', 'const now = new Date;'],
  'chance by number': ['packages/contract/src/a.ts', 'Math.random()'],
  'chance by id': ['packages/server/src/identity/apps.ts', 'crypto.randomUUID()'],
  'a test alone': ['e2e/seats.test.ts', "test.only('a')"],
  'a test left out': ['e2e/seats.test.ts', "test('a', { skip: true })"],
  'work put off': ['docs/glossary.md', 'TODO: write'],
  'a database by name': ['packages/server/src/http/a.ts', 'if (isPostgres)'],
};

for (const [name, [path, text]] of Object.entries(untidy)) {
  test(`refused: ${name}`, () => {
    assert.equal(findings(path, text).length, 1);
  });
}
