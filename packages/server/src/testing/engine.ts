/** The engine that tests run on: SQLite, or PostgreSQL where SEATLEDGER_TEST_ENGINE is `postgres`. */

import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { postgresCapabilities } from '../store/postgres/capabilities.ts';
import { openDatabase } from '../store/postgres/database.ts';
import { migrations } from '../store/migrations/index.ts';
import {
  createDatabase,
  type Postgres,
  provideTemplate,
  startPostgres,
  type TestDatabase,
} from './postgres.ts';

const engines = ['sqlite', 'postgres'] as const;
type Engine = (typeof engines)[number];

export const testEngine: Engine = engineNamed(process.env['SEATLEDGER_TEST_ENGINE'] ?? 'sqlite');

function engineNamed(name: string): Engine {
  const engine = engines.find((known) => known === name);
  if (engine === undefined) throw new Error(`SEATLEDGER_TEST_ENGINE is one of ${engines.join(', ')}.`);
  return engine;
}

let server: Promise<{ postgres: Postgres; template: string }> | undefined;

/** A database of its own, with the schema of this version in it. */
export async function migratedDatabase(): Promise<TestDatabase> {
  server ??= startWithTemplate();
  const { postgres, template } = await server;
  return createDatabase(postgres, template);
}

async function startWithTemplate(): Promise<{ postgres: Postgres; template: string }> {
  const postgres = await startPostgres();
  const statements = migrations.map((migration) => migration.statements(postgresCapabilities));
  const schema = createHash('sha256').update(JSON.stringify(statements)).digest('hex').slice(0, 16);
  const template = `seatledger_template_${schema}`;
  await provideTemplate(postgres, template, migrateDatabase);
  return { postgres, template };
}

async function migrateDatabase(url: string): Promise<void> {
  const options = {
    encryptionKey: undefined,
    temporaryFolder: tmpdir(),
    newId: () => '',
    random: () => 0,
    now: 0,
  };
  await (await openDatabase(url, options)).close();
}
