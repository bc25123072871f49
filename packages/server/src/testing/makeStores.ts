/**
 * Makes the stores of `stores/`, which tests open as an older version left them, and writes down what they answer.
 *
 * Run it by hand where the first schema changes before it is released, and never after: what was released is kept as it is.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { permissions } from '@seatledger/contract';
import { startServer } from '../app.ts';
import { openOperatorStore } from '../operatorStore.ts';
import { firstSchema } from '../store/migrations/0001-first-schema.ts';
import { postgresCapabilities } from '../store/postgres/capabilities.ts';
import { testConfig } from './config.ts';
import { withSecret } from './server.ts';
import { askStore, keptStores, keptStoreNow, tokenOf } from './keptStores.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
const operator = await openOperatorStore({ data: folder });
await operator.createPartner('one');
const { clientId, clientSecret } = withSecret(
  await operator.createApp({ name: 'admin', permissions: [...permissions] }),
);
await operator.close();

let now = keptStoreNow - 1_800_000;
const server = await startServer(testConfig({ place: { kind: 'folder', path: folder } }), { now: () => now });
const app = { clientId, clientSecret };
const token = await tokenOf(server.url, app);
async function send(method: string, path: string, body: object | string, headers = {}): Promise<unknown> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'if-match': '*',
      'content-type': typeof body === 'string' ? 'text/csv' : 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.json();
}

await send(
  'POST',
  '/import',
  'customerId,productType,seats,organization\ncontoso,2048,25,Contoso Ltd\nfabrikam,257,30,Fabrikam\n',
);
await send('PUT', '/customers/contoso/tenants/contoso.example', {
  type: 0,
  name: 'Contoso',
  availableSeats: 5,
  assignedSeats: 20,
});
const { groupId } = (await send('POST', '/groups', { name: 'north' })) as { groupId: number };
await send('POST', `/groups/${groupId}/customers`, { customerIds: ['contoso'] });
await send('POST', '/pools', { resource: 'Office365Backup', seats: 500 });
await send(
  'POST',
  '/customers/contoso/lines',
  { productType: 2048, seats: 5, expiresAt: '2027-06-30', details: { package: 'Standard' } },
  { 'idempotency-key': 'kept' },
);
await send('POST', '/customers/contoso/assignments', {
  productType: 2048,
  users: ['ada@contoso.example', 'grace@contoso.example'],
});
now = keptStoreNow;
await send('POST', '/customers/contoso/users/erase', { user: 'ada@contoso.example' });
const answers = await askStore(server.url, token);
await server.stop();

const database = new DatabaseSync(join(folder, 'seatledger.db'));
rmSync(keptStores.folderFile, { force: true });
database.exec(`vacuum into '${keptStores.folderFile}'`);
writeFileSync(keptStores.databaseFile, dumpOf(database));
writeFileSync(keptStores.answersFile, `${JSON.stringify({ app, answers }, null, 2)}\n`);
database.close();
rmSync(folder, { recursive: true });

/** The same rows for the other engine: what its first migration says, and each row. */
function dumpOf(source: DatabaseSync): string {
  const tables = firstSchema
    .statements(postgresCapabilities)
    .flatMap((text) => /^create table (\w+)/.exec(text)?.[1] ?? []);
  const ddl = [
    'create table schema_migrations (version bigint not null primary key, name text not null, applied_at bigint not null)',
    ...firstSchema.statements(postgresCapabilities),
  ];
  const rows = ['schema_migrations', ...tables].flatMap((table) =>
    source
      .prepare(`select * from ${table}`)
      .all()
      .map(
        (row) =>
          `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(literal).join(', ')})`,
      ),
  );
  return [...ddl, ...rows].map((text) => `${text};\n`).join('');
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
