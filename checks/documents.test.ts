import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { test } from 'node:test';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '');
const documents = tracked.filter((path) => path.endsWith('.md'));

/** What a document says is at some path: its links, and what it sets in code that looks like a file of ours. */
function pathsNamedIn(document: string): string[] {
  const text = readFileSync(document, 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, path = '']) =>
    normalize(join(dirname(document), path)),
  );
  const files = [...text.matchAll(/`([\w@./-]+\/[\w@.-]+\.(?:ts|js|md|json|csv))`/g)].map(
    ([, path = '']) => path,
  );
  return [...links, ...files.filter((path) => !path.startsWith('/'))];
}

test('every path that a document names exists', () => {
  const missing = documents.flatMap((document) =>
    pathsNamedIn(document)
      .filter((path) => !existsSync(path) && !existsSync(join(dirname(document), path)))
      .map((path) => `${document}: ${path}`),
  );
  assert.deepEqual(missing, []);
});

test('every npm script that a document names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map(
      ([, run, short]) => run ?? short ?? '',
    ),
  );
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter((name) => !Object.hasOwn(scripts, name)),
    [],
  );
});

test('the README fits on a few screens', () => {
  assert.ok(readFileSync('README.md', 'utf8').split('\n').length < 150);
});
