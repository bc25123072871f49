import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './importRules.ts';
import { importsOf } from './importsOf.ts';

const server = 'packages/server/src';

/** The violations of a small repository that exists in memory only. */
function judge(files: Record<string, string>): string[] {
  return violations(Object.entries(files).flatMap(([path, text]) => importsOf(path, text)));
}

test('every form of import is seen, with its line and kind', () => {
  const text = [
    "import { a, type B } from './a.ts';",
    "import type { C } from '@seatledger/contract';",
    "import '@seatledger/server/src/app.ts';",
    "export { d } from 'd';",
    "export type * from './e.ts';",
    "const f = await import('./f.ts');",
    "let g: import('./g.ts').G;",
    "const text = `import './no.ts'`; // import './no.ts'",
  ].join('\n');
  assert.deepEqual(
    importsOf('packages/cli/src/x.ts', text).map(({ line, kind, to, specifier }) => [
      line,
      kind,
      to ?? specifier,
    ]),
    [
      [1, 'value', 'packages/cli/src/a.ts'],
      [2, 'type', 'packages/contract/src/index.ts'],
      [3, 'value', 'packages/server/src/app.ts'],
      [4, 'value', 'd'],
      [5, 'type', 'packages/cli/src/e.ts'],
      [6, 'lazy', 'packages/cli/src/f.ts'],
      [7, 'type', 'packages/cli/src/g.ts'],
    ],
  );
});

test('a type named inside a value import is a value import, since it loads the file', () => {
  assert.deepEqual(
    importsOf('packages/cli/src/x.ts', "import { type A } from './a.ts';").map(({ kind }) => kind),
    ['value'],
  );
});

test('a computed import and a text that does not parse are refused', () => {
  assert.throws(() => importsOf('a.ts', 'await import(name)'), SyntaxError);
  assert.throws(() => importsOf('a.ts', 'import {'), SyntaxError);
});

test('each allowed direction passes', () => {
  assert.deepEqual(
    judge({
      'packages/contract/src/index.ts': "export * from './products.ts'; import { Type } from './type.ts';",
      'packages/cli/bin/seatledger.js': "import '../src/main.ts';",
      'packages/cli/src/main.ts': "import '@seatledger/contract'; await import('./operator/index.ts');",
      'packages/cli/src/environment.ts': 'export const environment = process.env;',
      'packages/cli/src/operator/index.ts': "import '@seatledger/server'; import '../table.ts';",
      [`${server}/estate/customers.ts`]: "import '@seatledger/contract';",
      [`${server}/ledger/seats.ts`]:
        "import '../estate/index.ts'; import '../record/index.ts'; import './terms.ts';",
      [`${server}/identity/rights.ts`]: "import '../record/index.ts';",
      [`${server}/store/seats.ts`]: "import type { P } from '../ledger/ports.ts'; import 'kysely';",
      [`${server}/store/sqlite/open.ts`]: "import 'node:sqlite';",
      [`${server}/store/postgres/open.ts`]: "import pg from 'pg';",
      [`${server}/http/seats.ts`]: "import '../ledger/index.ts'; import 'fastify'; import '@fastify/helmet';",
      [`${server}/config.ts`]: 'export const port = process.env.PORT;',
      [`${server}/app.ts`]: "import './store/seats.ts'; import './http/seats.ts'; import './config.ts';",
      [`${server}/threads/writer.ts`]: "import '../config.ts'; import '../store/seats.ts';",
      [`${server}/ledger/seats.test.ts`]: "import '../testing/open.ts'; import 'node:sqlite'; process.env.X;",
    }),
    [],
  );
});

const forbidden: Record<string, [path: string, text: string]> = {
  'contract imports the server': [
    'packages/contract/src/a.ts',
    "import type { A } from '@seatledger/server';",
  ],
  'client imports the server': ['packages/client/src/a.ts', "import '@seatledger/server';"],
  'cli imports the server': ['packages/cli/src/a.ts', "import '@seatledger/server';"],
  'cli loads operator at its start': ['packages/cli/src/main.ts', "import './operator/index.ts';"],
  'operator goes past the index': [
    'packages/cli/src/operator/a.ts',
    "import '@seatledger/server/src/app.ts';",
  ],
  'operator goes past the name': ['packages/cli/src/operator/a.ts', "import '../../../server/src/index.ts';"],
  'record imports estate': [`${server}/record/a.ts`, "import '../estate/index.ts';"],
  'ledger imports identity': [`${server}/ledger/a.ts`, "import type { A } from '../identity/index.ts';"],
  'identity imports ledger': [`${server}/identity/a.ts`, "import '../ledger/index.ts';"],
  'ledger imports store': [`${server}/ledger/a.ts`, "import '../store/index.ts';"],
  'store runs a domain': [`${server}/store/a.ts`, "import { a } from '../ledger/index.ts';"],
  'http imports store': [`${server}/http/a.ts`, "import type { A } from '../store/index.ts';"],
  'http goes past an index': [`${server}/http/a.ts`, "import '../ledger/seats.ts';"],
  'a domain imports a top-level file': [`${server}/ledger/a.ts`, "import type { C } from '../clock.ts';"],
  'http reads the configuration': [`${server}/http/a.ts`, "import type { C } from '../config.ts';"],
  'a folder without a room': [`${server}/billing/a.ts`, "import 'node:fs';"],
  'SQLite outside its folder': [`${server}/store/a.ts`, "import type { DatabaseSync } from 'node:sqlite';"],
  'PostgreSQL outside its folder': [`${server}/app.ts`, "import pg from 'pg';"],
  'SQL outside the store': [`${server}/ledger/a.ts`, "import { sql } from 'kysely';"],
  'the framework outside http': [`${server}/app.ts`, "import type { FastifyInstance } from 'fastify';"],
  'the environment outside the configuration': [`${server}/app.ts`, 'const { PORT } = process.env;'],
  'the environment under another name': ['packages/cli/src/a.ts', "import { env } from 'node:process';"],
  'the environment taken apart': ['packages/cli/src/a.ts', 'const { env } = process;'],
  'the environment by key': ['packages/cli/src/a.ts', "process['env']['HOME'];"],
};

for (const [name, [path, text]] of Object.entries(forbidden)) {
  test(`refused: ${name}`, () => {
    const found = judge({ [path]: text });
    assert.equal(found.length, 1, found.join('\n'));
    assert.ok(found[0]?.startsWith(`${path}:1: `));
  });
}

test('a cycle is refused, through types and lazy imports too', () => {
  assert.equal(
    judge({
      [`${server}/ledger/a.ts`]: "import './b.ts';",
      [`${server}/ledger/b.ts`]: "import type { C } from './c.ts';",
      [`${server}/ledger/c.ts`]: "await import('./a.ts');",
    }).length,
    1,
  );
});
