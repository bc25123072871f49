/** Every table that a store moves with, row by row in the order of its key: what is written down, compared and read in again. */

import { sql } from 'kysely';
import type { Connection } from './connection.ts';
import type { Schema } from './schema.ts';
import { type Bindable, type Statement, statement } from './statement.ts';

type TableName = Exclude<keyof Schema, 'schema_migrations' | 'signing_keys'>;
export type TableRow = Readonly<Record<string, Bindable>>;

interface TableKey {
  readonly table: TableName;
  readonly key: readonly string[];
  /** The other columns. */
  readonly columns: readonly string[];
}

/** In an order in which what a row refers to is there before it. Keys that sign are in no table that moves. */
export const tables: readonly TableKey[] = [
  {
    table: 'partners',
    key: ['partner_id'],
    columns: ['name', 'created_at', 'head_sequence', 'head_recorded_at', 'head_hash'],
  },
  {
    table: 'customers',
    key: ['partner_id', 'customer_id'],
    columns: [
      'organization',
      'owner_email',
      'owner_key',
      'job_status',
      'country_or_region',
      'management_mode',
      'ordinal',
      'changed_sequence',
    ],
  },
  {
    table: 'tenants',
    key: ['partner_id', 'customer_id', 'tenant_id'],
    columns: ['tenant_type', 'name', 'available_seats', 'assigned_seats'],
  },
  {
    table: 'customer_groups',
    key: ['partner_id', 'group_id'],
    columns: ['name', 'changed_sequence', 'members_sequence'],
  },
  { table: 'group_members', key: ['partner_id', 'group_id', 'customer_id'], columns: [] },
  {
    table: 'pools',
    key: ['partner_id', 'pool_id'],
    columns: ['resource', 'seats', 'starts_at', 'expires_at', 'source', 'changed_sequence'],
  },
  { table: 'pool_steps', key: ['partner_id', 'pool_id', 'starts_at'], columns: ['occupied'] },
  {
    table: 'lines',
    key: ['partner_id', 'customer_id', 'product_type', 'line_id'],
    columns: [
      'resource',
      'seats',
      'starts_at',
      'start_given',
      'expires_at',
      'source',
      'external_id',
      'licence_type',
      'pool_id',
      'details',
      'changed_sequence',
    ],
  },
  { table: 'users', key: ['partner_id', 'customer_id', 'user_id'], columns: ['address'] },
  {
    table: 'assignments',
    key: ['partner_id', 'customer_id', 'product_type', 'user_id'],
    columns: ['assigned_sequence'],
  },
  {
    table: 'seat_snapshots',
    key: ['partner_id', 'customer_id', 'product_type', 'sequence'],
    columns: ['timeline', 'sources', 'assigned'],
  },
  {
    table: 'holdings',
    key: ['partner_id', 'customer_id', 'product_type'],
    columns: ['sequence', 'timeline', 'sources', 'assigned'],
  },
  { table: 'term_instants', key: ['partner_id', 'at'], columns: [] },
  {
    table: 'changes',
    key: ['partner_id', 'last_sequence'],
    columns: ['first_sequence', 'recorded_at', 'actor', 'reason', 'hash'],
  },
  {
    table: 'events',
    key: ['partner_id', 'sequence'],
    columns: ['kind', 'subject', 'customer_id', 'before', 'after'],
  },
  {
    table: 'apps',
    key: ['client_id'],
    columns: [
      'partner_id',
      'name',
      'permissions',
      'customer_scope',
      'revision',
      'disabled',
      'created_at',
      'changed_sequence',
    ],
  },
  { table: 'app_customers', key: ['client_id', 'customer_id'], columns: [] },
  { table: 'app_groups', key: ['client_id', 'group_id'], columns: [] },
  {
    table: 'app_credentials',
    key: ['client_id', 'credential_id'],
    columns: [
      'kind',
      'hash',
      'last_four',
      'certificate',
      'created_at',
      'expires_at',
      'last_used_at',
      'last_used_from',
    ],
  },
  { table: 'revoked_tokens', key: ['token_id'], columns: ['expires_at'] },
  { table: 'used_assertions', key: ['client_id', 'assertion_hash'], columns: ['expires_at'] },
  {
    table: 'idempotency_keys',
    key: ['partner_id', 'actor', 'key'],
    columns: ['fingerprint', 'result', 'created_at'],
  },
];

/** How many rows are in memory at once. */
const rowsAtOnce = 250;

interface TableStatements {
  /** The first rows, all of them or those of the partner. */
  readonly first: Statement<TableRow, TableRow>;
  /** The rows after a key. */
  readonly after: Statement<TableRow, TableRow>;
  readonly insert: Statement<TableRow, unknown>;
}

const statementsOfTables = new Map<string, TableStatements>();

/** How the rows of a partner are known. Where its id does not lead the key, they are those of its apps; some are of no partner. */
type Partnered = 'by app' | 'by column' | 'by key' | 'not';

function partneredOf({ key, columns }: TableKey): Partnered {
  if (key[0] === 'partner_id') return 'by key';
  if (columns.includes('partner_id')) return 'by column';
  return key.includes('client_id') ? 'by app' : 'not';
}

/** Whether rows of the table belong to partners. */
export function isOfPartners(table: TableKey): boolean {
  return partneredOf(table) !== 'not';
}

function statementsOf({ table, key, columns }: TableKey, ofPartner: boolean): TableStatements {
  const name = `${table} ${ofPartner}`;
  const known = statementsOfTables.get(name);
  if (known !== undefined) return known;
  const all = [...key, ...columns];
  // Of one partner, the rest of the key is compared: every engine finds such rows by the key.
  const partnered = ofPartner ? partneredOf({ table, key, columns }) : 'not';
  const compared = partnered === 'by key' ? key.slice(1) : key;
  const list = (names: readonly string[]) => sql.join(names.map((column) => sql.ref(column)));
  const page = (condition: (placeholders: Record<string, unknown>) => ReturnType<typeof sql>) =>
    statement<TableRow, TableRow>((db, placeholders) => ({
      compile: () =>
        sql<TableRow>`select ${list(all)} from ${sql.table(table)} where ${condition(placeholders)} order by ${list(key)} limit ${placeholders['limit']}`.compile(
          db,
        ),
    }));
  const partner = (placeholders: Record<string, unknown>) => {
    if (partnered === 'not') return sql`1 = 1`;
    const isPartner = sql`partner_id = ${placeholders['partner_id']}`;
    return partnered === 'by app'
      ? sql`client_id in (select client_id from apps where ${isPartner})`
      : isPartner;
  };
  const made: TableStatements = {
    first: page(partner),
    after: page(
      (placeholders) =>
        sql`${partner(placeholders)} and (${list(compared)}) > (${sql.join(compared.map((column) => placeholders[column]))})`,
    ),
    insert: statement<TableRow, unknown>((db, placeholders) => ({
      compile: () =>
        sql`insert into ${sql.table(table)} (${list(all)}) values (${sql.join(all.map((column) => placeholders[column]))})`.compile(
          db,
        ),
    })),
  };
  statementsOfTables.set(name, made);
  return made;
}

/** The rows in the order of their key: all of the table, or those of a partner. */
export async function* tableRows(
  connection: Connection,
  table: TableKey,
  partnerId: number | null,
): AsyncGenerator<TableRow, undefined> {
  const { first, after } = statementsOf(table, partnerId !== null);
  if (partnerId !== null && !isOfPartners(table)) throw new Error(`${table.table} is of no partner`);
  const ofPartner = { ...(partnerId === null ? {} : { partner_id: partnerId }), limit: rowsAtOnce };
  let rows = await connection.all(first, ofPartner);
  for (;;) {
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return undefined;
    const position = Object.fromEntries(table.key.map((column) => [column, last[column] ?? null]));
    rows = await connection.all(after, { ...position, ...ofPartner });
  }
}

/** The columns of the table, in the order of its rows. */
export function columnsOf({ key, columns }: TableKey): readonly string[] {
  return [...key, ...columns];
}

export function insertRows(
  connection: Connection,
  table: TableKey,
  rows: readonly TableRow[],
): Promise<void> {
  return connection.runMany(statementsOf(table, false).insert, rows);
}
