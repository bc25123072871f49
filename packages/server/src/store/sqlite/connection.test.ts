import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { statement } from '../statement.ts';
import { sqliteConnection } from './connection.ts';

type Instant = { partnerId: number; at: number };

const insertInstant = statement<Instant, unknown>((db, { partnerId, at }) =>
  db.insertInto('term_instants').values({ partner_id: partnerId, at }),
);
const keepInstant = statement<Instant, unknown>((db, { partnerId, at }) =>
  db
    .insertInto('term_instants')
    .values({ partner_id: partnerId, at })
    .onConflict((conflict) => conflict.doNothing()),
);
const putInstant = statement<Instant, unknown>((db, { partnerId, at }) =>
  db
    .insertInto('term_instants')
    .values({ partner_id: partnerId, at })
    .onConflict((conflict) =>
      conflict.column('partner_id').doUpdateSet((the) => ({ at: the.ref('excluded.at') })),
    ),
);
const insertNextInstant = statement<Instant, unknown>((db, { partnerId, at }) =>
  db
    .insertInto('term_instants')
    .values({ partner_id: partnerId, at })
    .onConflict((conflict) => conflict.column('partner_id').doUpdateSet({ at })),
);

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
});
afterEach(() => database.close());

function rows(): readonly (readonly [unknown, unknown])[] {
  const found = database.prepare('select partner_id, at from term_instants order by rowid').all();
  return found.map((row) => [row['partner_id'], row['at']] as const);
}
const instants = (count: number) => Array.from({ length: count }, (_, at): Instant => ({ partnerId: 1, at }));

describe('many rows on SQLite', () => {
  for (const count of [0, 1, 49, 50, 51, 99, 100, 101, 1234]) {
    test(`are inserted, all ${count} of them and in their order`, async () => {
      database.exec('create table term_instants (partner_id integer, at integer) strict');
      await sqliteConnection(database).runMany(insertInstant, instants(count));
      assert.deepEqual(
        rows(),
        instants(count).map(({ partnerId, at }) => [partnerId, at]),
      );
    });
  }

  test('that are there already stay, where they are to', async () => {
    database.exec('create table term_instants (partner_id integer, at integer unique) strict');
    const connection = sqliteConnection(database);
    await connection.runMany(keepInstant, instants(120));
    await connection.runMany(keepInstant, [...instants(130), ...instants(130)]);
    assert.equal(rows().length, 130);
  });

  for (const [what, put] of [
    ['by the row', putInstant],
    ['by a parameter again', insertNextInstant],
  ] as const) {
    test(`of one key become the last of them, where they change what is there ${what}`, async () => {
      database.exec('create table term_instants (partner_id integer unique, at integer) strict');
      await sqliteConnection(database).runMany(put, instants(120));
      assert.deepEqual(rows(), [[1, 119]]);
    });
  }

  test('fail where one of them does, wherever it stands', async () => {
    for (const bad of [0, 49, 50, 119]) {
      database.exec('create table term_instants (partner_id integer, at integer unique) strict');
      database.exec(`insert into term_instants values (2, ${bad})`);
      await assert.rejects(sqliteConnection(database).runMany(insertInstant, instants(120)), /UNIQUE/);
      database.exec('drop table term_instants');
    }
  });
});

describe('rows by key on SQLite', () => {
  beforeEach(() => {
    database.exec('create table term_instants (partner_id integer primary key, at integer) strict');
    database.exec('insert into term_instants values (1, 10), (2, 20)');
  });
  const instantOf = statement<{ partnerId: number }, { at: number }>((db, { partnerId }) =>
    db.selectFrom('term_instants').select('at').where('partner_id', '=', partnerId),
  );

  test('that are asked for in one turn are each what they are alone', async () => {
    const connection = sqliteConnection(database);
    const asked = [2, 1, 3, 1, 2].map((partnerId) => connection.firstByKey(instantOf, { partnerId }));
    assert.deepEqual(
      (await Promise.all(asked)).map((row) => row?.at),
      [20, 10, undefined, 10, 20],
    );
  });

  test('see what was kept before they were asked for', async () => {
    const connection = sqliteConnection(database);
    for (let at = 1; at < 20; at++) {
      database.exec(`update term_instants set at = ${at} where partner_id = 1`);
      const asked = [
        connection.firstByKey(instantOf, { partnerId: 1 }),
        connection.firstByKey(instantOf, { partnerId: 1 }),
      ];
      for (const row of await Promise.all(asked)) assert.equal(row?.at, at);
    }
  });

  test('all fail where the file does, and those of the next turn do not', async () => {
    const connection = sqliteConnection(database);
    assert.equal((await connection.firstByKey(instantOf, { partnerId: 1 }))?.at, 10);
    database.exec('alter table term_instants rename to elsewhere');
    const asked = [
      connection.firstByKey(instantOf, { partnerId: 1 }),
      connection.firstByKey(instantOf, { partnerId: 2 }),
    ];
    for (const { status } of await Promise.allSettled(asked)) assert.equal(status, 'rejected');
    database.exec('alter table elsewhere rename to term_instants');
    assert.equal((await connection.firstByKey(instantOf, { partnerId: 2 }))?.at, 20);
  });
});
