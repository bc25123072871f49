import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { createDatabase, type Postgres, startPostgres, type TestDatabase } from '../../testing/postgres.ts';
import type { Bindable } from '../statement.ts';
import { resultTypes } from './connection.ts';
import { manyAtOnce } from './manyAtOnce.ts';

let postgres: Postgres;
let database: TestDatabase;
let client: pg.Client;
before(async () => {
  postgres = await startPostgres();
  database = await createDatabase(postgres);
  client = new pg.Client({ connectionString: database.url, types: resultTypes });
  await client.connect();
  await client.query('create table things (a bigint, b text, c bigint, d text, primary key (a, b))');
});
after(async () => {
  await client.end();
  await database.drop();
  await postgres.stop();
});

const insertThing = 'insert into things (a, b, c, d) values ($1, $2, $3, $4)';
const things: readonly Bindable[][] = [
  [2, 'a "quoted", {braced} \\ text\n', null, null],
  [1, 'NULL', 9_007_199_254_740_991, null],
  [1, '', -1, null],
];

async function run(sql: string, bindings: readonly (readonly Bindable[])[]): Promise<unknown[]> {
  const one = manyAtOnce(sql, bindings);
  assert.ok(one, 'it can be one statement');
  const { rows } = await client.query<Record<string, unknown>>({ text: one.text, values: [...one.values] });
  return rows.map((row) => Object.values(row));
}

describe('many statements as one', () => {
  test('insert every row as it was given, with nulls in columns of any type', async () => {
    await run(insertThing, things);
    const { rows } = await client.query<Record<string, unknown>>(
      'select * from things order by a desc, b desc',
    );
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      [things[0], things[1], things[2]],
    );
  });

  test('insert nothing but nulls into a column of numbers', async () => {
    await run(insertThing, [
      [4, 'one', null, null],
      [4, 'other', null, null],
    ]);
    assert.deepEqual(await run('select c from things where a = $1', [[4]]), [[null], [null]]);
  });

  test('keep what the insertion does about rows that are there', async () => {
    const put = `${insertThing} on conflict (a, b) do update set c = excluded.c`;
    await run(put, [
      [1, 'NULL', 5, null],
      [3, 'new', 6, null],
    ]);
    assert.deepEqual(
      await run('select c from things where a = $1 and b = $2', [
        [1, 'NULL'],
        [3, 'new'],
      ]),
      [[5], [6]],
    );
  });

  test('find what each of them finds, in their order and as often as they ask', async () => {
    const found = await run('select a, b from things where a = $1 order by b desc limit $2', [
      [2, 1],
      [7, 1],
      [1, 1],
      [1, 2],
    ]);
    assert.deepEqual(found, [
      [2, things[0]?.[1]],
      [1, 'NULL'],
      [1, 'NULL'],
      [1, ''],
    ]);
  });

  for (const sql of [
    'select a from things where a = $1 for update',
    'select a from things where a = $1 for no key update',
    'delete from things where a = $1',
    'update things set c = $1',
    'insert into things (a, b) values ($1, lower($1))',
  ]) {
    test(`are not made of: ${sql}`, () => {
      assert.equal(manyAtOnce(sql, [[1], [2]]), undefined);
    });
  }
});
