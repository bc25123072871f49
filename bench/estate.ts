/** Estates of any size for measurements, made inside the database: five lines a customer, of five products, and none of it in memory. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openOperatorStore } from '../packages/server/src/operatorStore.ts';
import {
  createDatabase,
  type Postgres,
  queryDatabase,
  startPostgres,
} from '../packages/server/src/testing/postgres.ts';
import { atExit } from './leftovers.ts';

export const estateProducts = [2048, 40, 42, 49, 65] as const;
export const engines = ['sqlite', 'postgres'] as const;
export type Engine = (typeof engines)[number];

/** A store that a measurement fills, runs servers on and throws away. */
export interface BenchStore {
  /** How commands name it. */
  readonly flags: { readonly data: string } | { readonly databaseUrl: string };
  exec(sql: string): Promise<void>;
  remove(): Promise<void>;
}

let postgres: Promise<Postgres> | undefined;

/** Ends the PostgreSQL that was started for stores, if one was. */
export async function stopEngines(): Promise<void> {
  await (await postgres)?.stop();
}

/** Makes an empty store with the schema in it. */
export async function makeStore(engine: Engine): Promise<BenchStore> {
  const store = await (engine === 'sqlite' ? makeFolder() : makeDatabase());
  await (await openOperatorStore(store.flags)).close();
  return store;
}

async function makeFolder(): Promise<BenchStore> {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const removed = atExit(remove);
  return {
    flags: { data: folder },
    async exec(sql) {
      const database = new DatabaseSync(join(folder, 'seatledger.db'));
      database.exec('pragma synchronous = off; pragma cache_size = -262144');
      database.exec(sql);
      database.close();
    },
    async remove() {
      remove();
      removed();
    },
  };
}

async function makeDatabase(): Promise<BenchStore> {
  postgres ??= startPostgres();
  const database = await createDatabase(await postgres);
  return {
    flags: { databaseUrl: database.url },
    async exec(sql) {
      await queryDatabase(database.url, sql);
    },
    remove: () => database.drop(),
  };
}

/** The id of the nth customer, from 1; ids are in the order of their numbers. */
export function customerOf(number: number): string {
  return `customer-${10_000_000 + number}`;
}

/** How long before `now` the lines of the estate came, and how long before it every tenth of them began, in milliseconds. */
const day = 86_400_000;
export const estateAge = 30 * day;
const lateStart = 10 * day;

/** Fills the store with a partner named `bench` of so many customers, whose lines came with one change. */
export async function fillEstate(store: BenchStore, customers: number, now: number): Promise<void> {
  const count = estateProducts.length;
  const numbers = `with recursive number(n) as (select 1 union all select n + 1 from number where n < ${customers})`;
  const id = `'customer-' || (10000000 + n)`;
  const products = estateProducts
    .map((type, index) => `select ${type} as type, ${index} as k`)
    .join(' union all ');
  const sequence = `((n - 1) * ${count} + k + 2)`;
  const last = customers * count + 1;
  const came = now - estateAge;
  const starts = `case when n % 10 = 0 then ${now - lateStart} else ${came} end`;
  const rows = `number, (${products}) as product`;
  const noHash = `'${'0'.repeat(64)}'`;
  await store.exec(`
    insert into partners values (1, 'bench', ${came}, ${last}, ${came}, ${noHash});
    insert into changes values (1, ${last}, 1, ${came}, 'operator', null, ${noHash});
    insert into customers ${numbers} select 1, ${id}, 'Organization ' || n, '', null, 0, '', 1, n, 1 from number;
    insert into lines ${numbers}
      select 1, ${id}, type, ${sequence}, 'Office365Backup', 25, ${starts}, 1, null, 'bench', null, 'enterprise',
        null, '{}', ${sequence} from ${rows};
    insert into seat_snapshots ${numbers}
      select 1, ${id}, type, ${sequence}, '[[' || (${starts}) || ',25]]', '[["bench",' || (${starts}) || ',null]]', 0
      from ${rows};
    insert into holdings select * from seat_snapshots where partner_id = 1;
    insert into term_instants values (1, ${came}), (1, ${now - lateStart});
    insert into events ${numbers}
      select 1, ${sequence}, 'line.added', ${sequence}, ${id}, null, '{}' from ${rows};`);
  if ('databaseUrl' in store.flags) await store.exec('vacuum analyze');
}
