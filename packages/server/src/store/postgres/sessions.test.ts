import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { ProblemError } from '@seatledger/contract';
import { type RawBuilder, sql } from 'kysely';
import { openDatabaseProxy } from '../../testing/databaseProxy.ts';
import { migratedDatabase } from '../../testing/engine.ts';
import { queryDatabase, type TestDatabase } from '../../testing/postgres.ts';
import type { Connection } from '../connection.ts';
import { type Bindable, type Statement, statement } from '../statement.ts';
import { openSessions, type Sessions } from './sessions.ts';

let database: TestDatabase;
let sessions: Sessions;
before(async () => {
  database = await migratedDatabase();
  sessions = openSessions(database.url, () => 0);
  await beside('create table seats (name text primary key, seats bigint not null)');
});
beforeEach(() => beside("delete from seats; insert into seats values ('a', 1), ('b', 2)"));
after(async () => {
  await sessions.close();
  await database.drop();
});

/** A statement of its own session, as somebody else would run it. */
const beside = (text: string) => queryDatabase(database.url, text);

function raw<Parameters, Result>(
  build: (parameters: { readonly [Name in keyof Parameters]: unknown }) => RawBuilder<unknown>,
): Statement<Parameters, Result> {
  return statement<Parameters, Result>((db, parameters) => ({
    compile: () => build(parameters).compile(db),
  }));
}
const command = (text: string) => raw<object, Record<string, Bindable>>(() => sql.raw(text));

const seatsOf = raw<{ name: string }, { seats: number }>(
  ({ name }) => sql`select seats from seats where name = ${name}`,
);
const allSeats = raw<object, { name: string; seats: number }>(() => sql`select * from seats order by name`);
const addSeats = raw<{ name: string; seats: number }, unknown>(
  ({ name, seats }) => sql`update seats set seats = seats + ${seats} where name = ${name}`,
);
const insertSeats = raw<{ name: string; seats: number }, unknown>(
  ({ name, seats }) => sql`insert into seats values (${name}, ${seats})`,
);
const fail = (code: string) => command(`do $$ begin raise exception using errcode = '${code}'; end $$`);
const ownSession = command('select pg_backend_pid() as pid');

async function kept(connection: Connection, name = 'a', seats = 1): Promise<{ keep: true; result: null }> {
  await connection.run(addSeats, { name, seats });
  return { keep: true, result: null };
}

/** Lets nobody on before all have come. */
function meetingOf(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let come = 0;
  return () => {
    if (++come === count) resolve();
    return promise;
  };
}

describe('a statement', () => {
  test('gives whole numbers as numbers, and their sums too', async () => {
    const summed = command('select sum(seats) as sum, count(*) as count, max(seats) as max from seats');
    assert.deepEqual(await sessions.answers.all(summed, {}), [{ sum: 3, count: 2, max: 2 }]);
  });

  test('fails where a whole number does not fit', async () => {
    const large = command('select 9007199254740993 as large');
    await assert.rejects(sessions.answers.all(large, {}), RangeError);
  });

  test('is parsed once in a session, whatever its values', async () => {
    const names = command(
      "select name from pg_prepared_statements where statement like 'select seats from%'",
    );
    const prepared = await sessions.transact(async (connection) => {
      for (const name of ['a', 'b', 'a']) await connection.first(seatsOf, { name });
      return { keep: false, result: await connection.all(names, {}) };
    });
    assert.equal(prepared.length, 1);
  });

  test('run for many gives the rows in the order of what was given', async () => {
    const names = Array.from({ length: 1200 }, (_, index) => (index % 3 === 0 ? 'b' : 'a'));
    const rows = await sessions.answers.allOfMany(
      seatsOf,
      names.map((name) => ({ name })),
    );
    assert.deepEqual(
      rows.map(({ seats }) => seats),
      names.map((name) => (name === 'a' ? 1 : 2)),
    );
  });

  test('finds nothing by a text with a NUL, which no text of the database has', async () => {
    assert.equal(await sessions.answers.first(seatsOf, { name: 'a\0' }), undefined);
  });

  test('goes on after a table of it was altered, in a transaction and out of one', async () => {
    const read = () => sessions.answers.all(allSeats, {});
    const readInTransaction = () =>
      sessions.transact(async (connection) => ({ keep: false, result: await connection.all(allSeats, {}) }));
    await Promise.all([read(), read(), read()]);
    await readInTransaction();
    await beside('alter table seats add column note text');
    try {
      assert.equal((await readInTransaction()).length, 2);
      for (const rows of await Promise.all([read(), read(), read()])) assert.equal(rows.length, 2);
    } finally {
      await beside('alter table seats drop column note');
    }
    assert.equal((await readInTransaction()).length, 2);
  });
});

describe('a transaction', () => {
  const seatsInA = async () => (await sessions.answers.first(seatsOf, { name: 'a' }))?.seats;

  test('keeps what it says is to be kept', async () => {
    await sessions.transact((connection) => kept(connection));
    assert.equal(await seatsInA(), 2);
  });

  test('leaves nothing of what is not to be kept, nor of what failed', async () => {
    const result = await sessions.transact(async (connection) => {
      await kept(connection);
      return { keep: false, result: await connection.first(seatsOf, { name: 'a' }) };
    });
    assert.deepEqual(result, { seats: 2 });
    const failing = sessions.transact(async (connection) => {
      await kept(connection);
      throw new ProblemError('partner_exists');
    });
    await assert.rejects(failing, { code: 'partner_exists' });
    assert.equal(await seatsInA(), 1);
  });

  test('that one of its statements has ended is not taken for kept', async () => {
    const swallowing = sessions.transact(async (connection) => {
      await kept(connection);
      await connection.run(fail('P0001'), {}).catch(() => undefined);
      return { keep: true, result: null };
    });
    await assert.rejects(swallowing, /one of its statements/);
    assert.equal(await seatsInA(), 1);
  });

  test('that another one crosses by a deadlock is begun anew, and both are kept', async () => {
    const bothHaveOne = meetingOf(2);
    let begun = 0;
    const inOrder = (first: string, second: string) =>
      sessions.transact(async (connection) => {
        begun++;
        await connection.run(addSeats, { name: first, seats: 10 });
        if (begun <= 2) await bothHaveOne();
        return kept(connection, second, 10);
      });
    await Promise.all([inOrder('a', 'b'), inOrder('b', 'a')]);
    assert.equal(begun, 3);
    assert.deepEqual(await sessions.answers.all(allSeats, {}), [
      { name: 'a', seats: 21 },
      { name: 'b', seats: 22 },
    ]);
  });

  test('that inserts what another one inserts at the same time is begun anew and sees it', async () => {
    const bothHaveLooked = meetingOf(2);
    let begun = 0;
    const insert = () =>
      sessions.transact(async (connection) => {
        begun++;
        const there = await connection.first(seatsOf, { name: 'c' });
        if (begun <= 2) await bothHaveLooked();
        if (there !== undefined) return { keep: false, result: 'there' };
        await connection.run(insertSeats, { name: 'c', seats: 3 });
        return { keep: true, result: 'inserted' };
      });
    assert.deepEqual((await Promise.all([insert(), insert()])).toSorted(), ['inserted', 'there']);
  });

  test('is begun five times at the most', async () => {
    let begun = 0;
    const crossed = sessions.transact(async (connection) => {
      begun++;
      await connection.run(fail('40001'), {});
      return kept(connection);
    });
    await assert.rejects(crossed, { code: '40001' });
    assert.equal(begun, 5);
  });

  test('on a full disk is storage_full, and is not begun again', async () => {
    let begun = 0;
    const full = sessions.transact(async (connection) => {
      begun++;
      await connection.run(fail('53100'), {});
      return kept(connection);
    });
    await assert.rejects(full, (error) => error instanceof ProblemError && error.code === 'storage_full');
    assert.equal(begun, 1);
  });

  test('reads what others commit meanwhile, whatever the database does by default', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await beside(`alter database ${name} set default_transaction_isolation = 'serializable'`);
    const fresh = openSessions(database.url, () => 0);
    try {
      const seats = await fresh.transact(async (connection) => {
        await connection.first(seatsOf, { name: 'a' });
        await beside("update seats set seats = 7 where name = 'a'");
        return { keep: false, result: await connection.first(seatsOf, { name: 'a' }) };
      });
      assert.deepEqual(seats, { seats: 7 });
    } finally {
      await fresh.close();
      await beside(`alter database ${name} reset default_transaction_isolation`);
    }
  });
});

describe('a session that the server ends', () => {
  test('in the middle of a transaction has it begun anew on another', async () => {
    let tries = 0;
    await sessions.transact(async (connection) => {
      await kept(connection);
      const pid = (await connection.first(ownSession, {}))?.['pid'];
      if (++tries === 1) await beside(`select pg_terminate_backend(${pid}, 5000)`);
      return kept(connection);
    });
    assert.equal(tries, 2);
    assert.deepEqual(await sessions.answers.first(seatsOf, { name: 'a' }), { seats: 3 });
  });

  test('each time fails the transaction at last, and the next has another session', async () => {
    const killed = sessions.transact(async (connection) => {
      await kept(connection);
      const pid = (await connection.first(ownSession, {}))?.['pid'];
      await beside(`select pg_terminate_backend(${pid}, 5000)`);
      return kept(connection);
    });
    await assert.rejects(killed);
    assert.deepEqual(await sessions.answers.first(seatsOf, { name: 'a' }), { seats: 1 });
    await sessions.transact((connection) => kept(connection));
    assert.deepEqual(await sessions.answers.first(seatsOf, { name: 'a' }), { seats: 2 });
  });

  test('while an answer is read has it read anew on another', async () => {
    const text =
      "select pg_sleep(case when exists (select from seats where name = 'awake') then 0 else 60 end), 7 as seats";
    const reading = sessions.answers.all(command(text), {});
    const running = "from pg_stat_activity where state = 'active' and query like 'select pg_sleep(case%'";
    while ((await beside(`select pid ${running}`)).length === 0);
    await beside("insert into seats values ('awake', 0)");
    await beside(`select pg_terminate_backend(pid) ${running}`);
    const [row] = await reading;
    assert.equal(row?.['seats'], 7);
    await beside("delete from seats where name = 'awake'");
  });

  test('in the packet that says that it is ready does not end the process', async () => {
    const proxy = await openDatabaseProxy(database.url);
    const through = openSessions(proxy.url, () => 0);
    try {
      proxy.endOneOnceReady();
      await through.transact((connection) => kept(connection));
      proxy.endOneOnceReady();
      assert.deepEqual(await through.answers.first(seatsOf, { name: 'a' }), { seats: 2 });
    } finally {
      await through.close();
      await proxy.close();
    }
  });

  test('while nobody uses it is not missed', async () => {
    await sessions.answers.first(seatsOf, { name: 'a' });
    await sessions.transact((connection) => kept(connection));
    await beside(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    // The ends of the sessions are heard in the turn in which they come.
    while ((await attempt(() => sessions.transact((connection) => kept(connection)))) === 'failed');
    while ((await attempt(() => sessions.answers.first(seatsOf, { name: 'a' }))) === 'failed');
  });
});

async function attempt(work: () => Promise<unknown>): Promise<'done' | 'failed'> {
  return work().then(
    () => 'done',
    () => 'failed',
  );
}

test('sessions that are closed end what takes too long, and nothing of it is kept', async () => {
  const closed = openSessions(database.url, () => 0);
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const slow = closed.transact(async (connection) => {
    await kept(connection, 'b');
    begin();
    await connection.run(command('select pg_sleep(60)'), {});
    return kept(connection, 'b');
  });
  const refused = assert.rejects(slow, { code: 'server_stopping' });
  await begun;
  await closed.close();
  await refused;
  await assert.rejects(
    closed.transact((connection) => kept(connection)),
    { code: 'server_stopping' },
  );
  assert.deepEqual(await sessions.answers.first(seatsOf, { name: 'b' }), { seats: 2 });
});
