import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { test } from 'node:test';
import { readEnvironment } from '../environment.ts';
import { type ListFormat, type Listing, writeListing } from './listing.ts';

interface Row {
  readonly id: number;
  readonly active: boolean;
  readonly details: object;
  readonly endsAt: string | null;
}

const listing: Listing<Row> = {
  columns: [{ title: 'ID', value: ({ id }) => id }],
  csv: ['id', 'active', 'details', 'endsAt', { title: 'next', value: ({ id }) => id + 1 }],
  empty: 'There is none.',
};

function rowOf(id: number): Row {
  return { id, active: id % 2 === 0, details: { package: '=1' }, endsAt: null };
}

async function* pagesOf(...sizes: readonly number[]): AsyncGenerator<readonly Row[]> {
  let id = 0;
  for (const size of sizes) yield Array.from({ length: size }, () => rowOf(++id));
}

async function written(format: ListFormat, pages: AsyncIterable<readonly Row[]>) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = {
    environment: readEnvironment({}),
    stdin: new PassThrough(),
    stdout,
    stderr,
    interrupted: new AbortController().signal,
  };
  const texts = Promise.all([readText(stdout), readText(stderr)]);
  try {
    await writeListing(context, { format, pages, listing });
  } finally {
    stdout.end();
    stderr.end();
  }
  const [out, err] = await texts;
  return { out, err };
}

test('CSV has one header and each row, with members, computed values, JSON and nothing for null', async () => {
  const { out } = await written('csv', pagesOf(1, 0, 1));
  assert.deepEqual(out.split('\n'), [
    'id,active,details,endsAt,next',
    '1,false,"{""package"":""=1""}",,2',
    '2,true,"{""package"":""=1""}",,3',
    '',
  ]);
});

test('JSON lines have each row as it was answered, and no array around them', async () => {
  const { out } = await written('ndjson', pagesOf(1, 0, 1));
  assert.equal(out, [1, 2].map((id) => `${JSON.stringify(rowOf(id))}\n`).join(''));
  assert.deepEqual(await written('ndjson', pagesOf(0)), { out: '', err: '' });
});

test('short pages share a table, and a list without end does not wait for its end', async () => {
  const { out } = await written('table', pagesOf(1, 0, 998, 1, 2));
  const titles = out.split('\n').flatMap((line, index) => (line === 'ID' ? [index] : []));
  assert.deepEqual(titles, [0, 1001]);
  assert.equal(out.trimEnd().split('\n').length, 1004);
});

test('no row is said on stderr to people, and is an empty list to machines', async () => {
  assert.deepEqual(await written('table', pagesOf(0)), { out: '', err: 'There is none.\n' });
  assert.deepEqual(await written('json', pagesOf(0)), { out: '[]\n', err: '' });
  assert.deepEqual(await written('csv', pagesOf()), { out: 'id,active,details,endsAt,next\n', err: '' });
});

test('a list that breaks off is not ended as if it were whole', async () => {
  async function* torn(): AsyncGenerator<readonly Row[]> {
    yield [rowOf(1)];
    throw new Error('torn');
  }
  for (const format of ['table', 'csv', 'json'] as const) await assert.rejects(written(format, torn()));
});
