/** Every hot query finds its rows by the whole of its key: what one answer costs does not grow with the estate. */

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { migratedDatabase, testEngine } from '../../testing/engine.ts';
import { customer, productType } from '../../testing/identity.ts';
import { migrate } from '../migrate.ts';
import { postgresConnection, resultTypes, type Session } from '../postgres/connection.ts';
import { sqliteCapabilities } from '../sqlite/capabilities.ts';
import { sqliteConnection } from '../sqlite/connection.ts';
import { type Reads, readsOn, type Stores, storesOn } from '../stores.ts';

interface Engine {
  readonly stores: Stores;
  readonly reads: Reads;
  /** The statements that were run since this was last asked. */
  taken(): readonly string[];
  /** For each table that the statement reads, the columns that its rows are found by as equal to something. */
  equalColumns(sql: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

class RecordingDatabase extends DatabaseSync {
  statements: string[] = [];
  override prepare(sql: string) {
    this.statements.push(sql);
    return super.prepare(sql);
  }
}

async function openSqlite(): Promise<Engine> {
  const database = new RecordingDatabase(':memory:');
  await migrate(sqliteConnection(database), sqliteCapabilities, 0);
  database.exec("insert into partners values (1, '', 0, 0, 0, '')");
  database.exec(someApp);
  database.exec(someHoldings);
  return {
    // A connection of its own each time: it prepares a statement once.
    get stores() {
      return storesOn(sqliteConnection(database));
    },
    get reads() {
      return readsOn(sqliteConnection(database));
    },
    taken: () => database.statements.splice(0),
    async equalColumns(sql) {
      return (
        database
          .prepare(`explain query plan ${sql}`)
          .all()
          .map(({ detail }) => String(detail))
          .filter((detail) => /^(SEARCH|SCAN)/.test(detail))
          // The number of a partner is the row's own number.
          .map((detail) => detail.replace('rowid=?', 'partner_id=?'))
          .map((detail) => [...detail.matchAll(/(\w+)=\?/g)].map(([, column]) => column).join(' '))
      );
    },
    close: async () => database.close(),
  };
}

/** One that is there: what is asked of an app is asked in several statements. */
const someApp =
  "insert into apps values ('x', 1, '', '[]', 'groups', '', 0, 0, 0); insert into app_groups values ('x', 1)";

/** So many that have changed since an event that they are not looked up one by one. */
const someHoldings = `
  insert into holdings with recursive number(n) as (select 1 union all select n + 1 from number where n < 60)
    select 1, 'c' || n, 2048, n, '[]', '[]', 0 from number`;

/** Rows enough that reading a table whole is no plan. */
const someEstate = `
  insert into partners select n, 'partner ' || n, 0, 20004, 0, '' from generate_series(1, 500) n;
  insert into customers
    select 1, 'c' || n, '', 'o' || n, 'o' || n, 0, '', 0, n, n from generate_series(1, 4000) n;
  insert into lines
    select 1, 'c' || n, p, n, '', 1, 0, 0, null, '', 'x' || n || '-' || p, '', 1, '{}', n
    from generate_series(1, 4000) n, generate_series(1, 5) p;
  insert into pools select 1, n, 'r' || n % 50, 1, 0, null, '', n from generate_series(1, 500) n;
  insert into pool_steps select 1, n, at, 0 from generate_series(1, 500) n, generate_series(1, 20) at;
  insert into users select 1, 'c' || n, 'u' || u, 'a' || u from generate_series(1, 4000) n, generate_series(1, 5) u;
  insert into assignments
    select 1, 'c' || n, 2048, 'u' || u, n from generate_series(1, 4000) n, generate_series(1, 5) u;
  insert into seat_snapshots
    select 1, 'c' || n, p, n * 5 + p, '[]', '[]', 0 from generate_series(1, 4000) n, generate_series(0, 4) p;
  insert into holdings
    select 1, 'c' || n, p, n * 5 + p, '[]', '[]', 0 from generate_series(1, 4000) n, generate_series(0, 4) p;
  insert into customer_groups select 1, n, 'group ' || n, n, n from generate_series(1, 200) n;
  insert into group_members select 1, 1 + n % 200, 'c' || n from generate_series(1, 4000) n;
  insert into term_instants select 1, n from generate_series(1, 4000) n;
  insert into changes select 1, n, n, n, '', null, '' from generate_series(1, 20004) n;
  insert into events select 1, n, '', '', null, null, null from generate_series(1, 20004) n;
  ${someApp};
  insert into apps select 'a' || n, 1, '', '[]', 'all', '', 0, 0, 0 from generate_series(1, 2000) n;
  insert into customers select p, 'm' || m, '', '', null, 0, '', 0, m, m
    from generate_series(2, 100) p, generate_series(1, 5) m;
  insert into customer_groups select p, n, 'g' || n, 0, 0 from generate_series(2, 100) p, generate_series(1, 100) n;
  insert into group_members
    select p, n, case p when 1 then 'c' else 'm' end || m
    from generate_series(1, 100) p, generate_series(1, 100) n, generate_series(1, 5) m
    on conflict do nothing;
  insert into app_groups
    select 'a' || n, (n * 7 + g * 20) % 100 from generate_series(1, 2000) n, generate_series(1, 5) g;
  insert into app_customers select 'a' || n, 'c' || c from generate_series(1, 2000) n, generate_series(1, 5) c;
  insert into app_credentials
    select 'a' || n, 'k' || k, 'secret', '', '', null, 0, 0, null, null
    from generate_series(1, 2000) n, generate_series(1, 5) k;
  insert into revoked_tokens select 't' || n, n from generate_series(1, 4000) n;
  insert into idempotency_keys select 1, 'a' || n, 'k', '', null, n from generate_series(1, 4000) n;
  ${someHoldings};
  analyze`;

interface PlanNode {
  readonly 'Index Cond'?: string;
  readonly 'Node Type': string;
  readonly Plans?: readonly PlanNode[];
}

async function openPostgres(): Promise<Engine> {
  const database = await migratedDatabase();
  const session = new pg.Client({ connectionString: database.url, types: resultTypes });
  await session.connect();
  // A planner that finds tables empty would read them whole.
  await session.query(someEstate);
  const statements: string[] = [];
  const recording: Session = Object.create(session, {
    query: {
      value(config: pg.QueryConfig) {
        statements.push(config.text);
        return session.query(config);
      },
    },
  });
  const connection = postgresConnection(recording, { inTransaction: false });
  return {
    stores: storesOn(connection),
    reads: readsOn(connection),
    taken: () => statements.splice(0),
    async equalColumns(sql) {
      const { rows } = await session.query(`explain (generic_plan, format json) ${sql}`);
      const found: string[] = [];
      const visit = (node: PlanNode) => {
        // The rows of a bitmap are those that the scan of the index beneath it found.
        if (/(?<!Subquery|Bitmap Heap) Scan/.test(node['Node Type'])) {
          const condition = node['Index Cond'] ?? '';
          found.push([...condition.matchAll(/\(?\b(\w+) = /g)].map(([, column]) => column).join(' '));
        }
        for (const part of node.Plans ?? []) visit(part);
      };
      visit(rows[0]['QUERY PLAN'][0].Plan);
      return found;
    },
    async close() {
      await session.end();
      await database.drop();
    },
  };
}

let engine: Engine;
before(async () => {
  engine = await (testEngine === 'sqlite' ? openSqlite() : openPostgres());
});
after(() => engine.close());

const partnerId = 1;
const customerId = customer('ada');
const holding = { customerId, productType: productType(2048) };
const estate = { groupId: null, productType: null, throughSequence: 1_000_000, after: null };
const holdingKey = 'partner_id customer_id product_type';
/** The keys that were found first, one after the other. */
const foundKeys = testEngine === 'sqlite' ? [''] : [];

/** The keys that were given, one after the other. */
const givenKeys = testEngine === 'sqlite' ? [] : [''];

/** What is asked, and the columns by which each table that it reads has to be searched, in any order. */
const hot: readonly (readonly [string, (engine: Engine) => Promise<unknown>, readonly string[]])[] = [
  [
    'the seats now',
    ({ reads }) => reads.ledger.currentHolding(partnerId, customerId, holding.productType),
    [holdingKey, 'partner_id', 'partner_id customer_id'],
  ],
  [
    'the seats now of several, asked for together',
    ({ reads: { ledger } }) =>
      Promise.all([1, 2].map(() => ledger.currentHolding(partnerId, customerId, holding.productType))),
    [...givenKeys, holdingKey, 'partner_id', 'partner_id customer_id'],
  ],
  [
    'whether there is a customer',
    ({ reads }) => reads.estate.hasCustomer(partnerId, customerId),
    ['partner_id customer_id'],
  ],
  ['a customer', ({ reads }) => reads.estate.customer(partnerId, customerId), ['partner_id customer_id']],
  [
    'a page of the customers, and how many there are',
    ({ reads }) => reads.estate.customersInOrder(partnerId, { skip: 10, limit: 10 }),
    // The number, the page, and the one row that the number is.
    testEngine === 'sqlite' ? ['partner_id', 'partner_id', ''] : ['partner_id', 'partner_id'],
  ],
  [
    'a customer by its owner',
    ({ stores }) => stores.estate.hasOwner(partnerId, 'o1'),
    ['partner_id owner_key'],
  ],
  [
    'a customer, locked',
    ({ stores }) => stores.estate.lockCustomer(partnerId, customerId),
    ['partner_id customer_id'],
  ],
  [
    'the seats of a whole estate',
    ({ reads }) => reads.ledger.snapshotStep(partnerId, { ...estate, customers: 'all' }, 10),
    ['partner_id', 'partner_id last_sequence'],
  ],
  [
    'the seats of a whole estate as of an event',
    ({ reads }) =>
      reads.ledger.snapshotStep(partnerId, { ...estate, throughSequence: 0, customers: 'all' }, 60),
    [
      'partner_id',
      'partner_id last_sequence',
      'partner_id',
      ...foundKeys,
      holdingKey,
      `${holdingKey} sequence`,
      'partner_id last_sequence',
    ],
  ],
  [
    'the seats of one product',
    ({ reads }) =>
      reads.ledger.snapshotStep(partnerId, { ...estate, productType: productType(40), customers: 'all' }, 10),
    ['partner_id product_type', ...foundKeys, holdingKey, 'partner_id last_sequence'],
  ],
  [
    'the seats of one product as of an event',
    ({ reads }) =>
      reads.ledger.snapshotStep(
        partnerId,
        { ...estate, productType: productType(2048), throughSequence: 0, customers: 'all' },
        60,
      ),
    [
      'partner_id product_type',
      ...foundKeys,
      holdingKey,
      'partner_id last_sequence',
      'partner_id product_type',
      ...foundKeys,
      holdingKey,
      `${holdingKey} sequence`,
      'partner_id last_sequence',
    ],
  ],
  [
    'the seats of some customers',
    ({ reads }) => reads.ledger.snapshotStep(partnerId, { ...estate, customers: [customerId] }, 10),
    ['partner_id customer_id', 'partner_id last_sequence'],
  ],
  [
    'the seats of a customer group',
    ({ reads }) => reads.ledger.snapshotStep(partnerId, { ...estate, customers: 'all', groupId: 999 }, 10),
    ['partner_id group_id'],
  ],
  [
    'what a list shows of seats besides',
    ({ reads }) =>
      reads.ledger
        .describeSnapshots(partnerId, [
          { ...holding, timeline: [], sources: [], assigned: 0, sequence: 9, recordedAt: null },
        ])
        .catch(() => undefined),
    ['partner_id', 'partner_id customer_id', 'partner_id'],
  ],
  ['the last term by an instant', ({ reads }) => reads.ledger.lastTermBy(partnerId, 9), ['partner_id']],
  [
    'the seats as of an event',
    ({ reads }) => reads.ledger.snapshotThrough(partnerId, holding, 9),
    [holdingKey, 'partner_id sequence', 'partner_id last_sequence'],
  ],
  [
    'the series of a holding',
    ({ reads }) => reads.ledger.snapshotsBetween(partnerId, holding, { after: 1, through: 9 }, 10),
    [holdingKey, 'partner_id sequence', 'partner_id last_sequence'],
  ],
  [
    'the last snapshot in a change',
    ({ stores }) => stores.ledger.lastSnapshotsOf(partnerId, [holding]),
    [holdingKey],
  ],
  ['the lines of a holding', ({ stores }) => stores.ledger.linesOf(partnerId, [holding]), [holdingKey]],
  [
    'a line by its external id',
    ({ stores }) => stores.ledger.linesByExternalId(partnerId, ['x']),
    ['partner_id external_id'],
  ],
  [
    'the pools of a resource, locked',
    ({ stores }) => stores.pools.lockPoolsOf(partnerId, 'Office365Backup'),
    ['partner_id resource'],
  ],
  [
    'the lines of a customer that are active',
    ({ reads }) => reads.ledger.activeLinesOf(partnerId, [customerId], 9),
    ['partner_id customer_id'],
  ],
  ['a pool, locked', ({ stores }) => stores.pools.lockPool(partnerId, 1), ['partner_id pool_id']],
  [
    'what is occupied of a pool',
    ({ stores }) => stores.pools.firstBeyond(partnerId, 1, { from: 1, to: 2, seats: 0 }),
    ['partner_id pool_id', 'partner_id pool_id'],
  ],
  [
    'the grants of a pool',
    ({ reads }) => reads.ledger.grantsAfter(partnerId, 1, 0, 10),
    ['partner_id pool_id'],
  ],
  [
    'a user by address',
    ({ stores }) => stores.assignments.usersAmong(partnerId, customerId, ['a']),
    ['partner_id customer_id address'],
  ],
  [
    'whether a user holds a seat',
    ({ stores }) => stores.assignments.holdersAmong(partnerId, holding, ['a']),
    [`${holdingKey} user_id`],
  ],
  [
    'the head of a record',
    ({ reads }) => reads.record.head(partnerId).catch(() => undefined),
    ['partner_id'],
  ],
  ['the change by an instant', ({ reads }) => reads.record.lastChangeBy(partnerId, 9), ['partner_id']],
  [
    'the change through an event',
    ({ reads }) => reads.record.lastChangeThrough(partnerId, 9),
    ['partner_id'],
  ],
  ['events after one', ({ reads }) => reads.record.eventsAfter(partnerId, 9, 10), ['partner_id']],
  [
    'an app by its id',
    ({ reads }) => reads.identity.app(partnerId, 'x'),
    // Itself, its groups and its credentials.
    ['client_id', 'client_id', 'client_id'],
  ],
  [
    'an app as a request needs it',
    ({ reads }) => reads.identity.client('x'),
    // Itself, its groups twice, and its credentials.
    ['client_id', 'client_id', 'partner_id group_id', 'client_id', 'partner_id group_id', 'client_id'],
  ],
  [
    'the customers of an app',
    ({ reads }) => reads.identity.customersOf('x'),
    ['client_id', 'client_id', 'client_id', 'partner_id group_id'],
  ],
  ['whether a token was revoked', ({ reads }) => reads.identity.isTokenRevoked('x'), ['token_id']],
  [
    'the last use of a credential',
    ({ stores }) => stores.identity.noteUse('x', 'y', { use: { at: 1, from: '' }, before: 0 }),
    ['client_id credential_id'],
  ],
  [
    'what a key came to',
    ({ stores }) => stores.record.keptResult(partnerId, 'a', 'k'),
    ['partner_id actor key'],
  ],
];

const sorted = (columns: string) => columns.split(' ').toSorted().join(' ');

describe('a hot query searches by every equality column of its key:', () => {
  for (const [what, ask, expected] of hot) {
    test(what, async () => {
      engine.taken();
      await ask(engine);
      const found: string[] = [];
      for (const sql of engine.taken()) found.push(...(await engine.equalColumns(sql)));
      assert.deepEqual(found.map(sorted).toSorted(), expected.map(sorted).toSorted());
    });
  }
});
