import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { openDatabaseProxy } from '../../testing/databaseProxy.ts';
import { migratedDatabase } from '../../testing/engine.ts';
import { queryDatabase, type TestDatabase } from '../../testing/postgres.ts';
import { statement } from '../statement.ts';
import { openSessions, type Sessions } from './sessions.ts';

let database: TestDatabase;
let sessions: Sessions;
before(async () => {
  database = await migratedDatabase();
  sessions = openSessions(database.url, () => 0);
  await beside('create table seats (partner bigint, name text, seats bigint, primary key (partner, name))');
});
after(async () => {
  await sessions.close();
  await database.drop();
});

/** A statement of its own session, as somebody else would run it. */
const beside = (text: string) => queryDatabase(database.url, text);

interface Row {
  readonly name: string;
  readonly seats: number;
  /** When the query began that read it. */
  readonly read: string;
}
const rowOf = statement<{ partner: number; name: string }, Row>((db, { partner, name }) => ({
  compile: () =>
    sql`select name, seats, statement_timestamp()::text as read from seats where partner = ${partner} and name = ${name}`.compile(
      db,
    ),
}));
const failing = statement<{ partner: number }, Row>((db, { partner }) => ({
  compile: () => sql`select 1 / (${partner}::bigint - 7) as seats`.compile(db),
}));

const names = ['a', 'b', '', 'A', "it's", '{"x",}', '\\', 'NULL', 'é\u{1F600}'];
const keys = fc.array(
  fc.record({
    partner: fc.integer({ min: 1, max: 3 }),
    name: fc.oneof(fc.constantFrom(...names), fc.string({ unit: 'binary' })),
  }),
  { maxLength: 60 },
);

describe('rows that are asked for by key in one turn', () => {
  before(async () => {
    for (const partner of [1, 2])
      for (const [index, name] of names.entries())
        await beside(
          `insert into seats values (${partner}, e'${name.replaceAll(/['\\]/g, String.raw`\$&`)}', ${partner * 100 + index})`,
        );
  });

  test('are what each of them is alone', async () => {
    const property = fc.asyncProperty(keys, async (asked) => {
      const rows = await Promise.all(asked.map((key) => sessions.answers.firstByKey(rowOf, key)));
      for (const [index, { partner, name }] of asked.entries()) {
        const at = partner < 3 ? names.indexOf(name) : -1;
        assert.deepEqual(Object.keys(rows[index] ?? {}), at < 0 ? [] : ['name', 'seats', 'read']);
        assert.deepEqual(
          [rows[index]?.name, rows[index]?.seats],
          at < 0 ? [undefined, undefined] : [name, partner * 100 + at],
        );
      }
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test('are read by one query, and those of the next turn by the next', async () => {
    const ask = () => sessions.answers.firstByKey(rowOf, { partner: 1, name: 'a' });
    const [first, second] = await Promise.all([ask(), ask()]);
    assert.ok(first);
    assert.equal(second?.read, first.read);
    assert.notEqual((await ask())?.read, first.read);
  });

  test('see what was committed before they were asked for', async () => {
    for (let seats = 1; seats <= 20; seats++) {
      await beside(`update seats set seats = ${seats} where partner = 2 and name = 'b'`);
      const ask = () => sessions.answers.firstByKey(rowOf, { partner: 2, name: 'b' });
      for (const row of await Promise.all([ask(), ask(), ask()])) assert.equal(row?.seats, seats);
    }
  });

  test('all fail where their query does, and those of other statements do not', async () => {
    const outcomes = await Promise.allSettled([
      sessions.answers.firstByKey(failing, { partner: 7 }),
      sessions.answers.firstByKey(failing, { partner: 8 }),
      sessions.answers.firstByKey(rowOf, { partner: 1, name: 'a' }),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    );
  });

  test('are read anew where their session is lost', async () => {
    const proxy = await openDatabaseProxy(database.url);
    const through = openSessions(proxy.url, () => 0);
    try {
      const ask = () => through.answers.firstByKey(rowOf, { partner: 1, name: 'a' });
      await ask();
      proxy.loseAnswerTo('.each');
      for (const row of await Promise.all([ask(), ask(), ask()])) assert.equal(row?.seats, 100);
    } finally {
      await through.close();
      await proxy.close();
    }
  });
});
