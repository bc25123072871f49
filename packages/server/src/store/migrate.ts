/** Brings a store to the schema of this version, or refuses one that is ahead of it. */

import { sql } from 'kysely';
import type { EngineCapabilities } from './capabilities.ts';
import type { Connection } from './connection.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { statement } from './statement.ts';
import { StoreUnavailableError } from './unavailable.ts';

/** The schema of this version. */
export const schemaVersion = migrations.at(-1)?.version ?? 0;

const lastVersion = statement<object, { version: number }>((db) =>
  db.selectFrom('schema_migrations').select((the) => the.fn.max('version').as('version')),
);

const noteMigration = statement<{ version: number; name: string; now: number }, unknown>(
  (db, { version, name, now }) =>
    db.insertInto('schema_migrations').values({ version, name, applied_at: now }),
);

/**
 * Applies the steps that the store lacks. To be called in a transaction that no other process can be in at the same time: then each
 * step is applied once, whoever comes first, and a step that fails leaves the schema as it was.
 *
 * Throws `schema_newer` where the store was made by a later version than this, and `migration_failed` where a step fails.
 */
export async function migrate(
  connection: Connection,
  engine: EngineCapabilities,
  now: number,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  await execute(
    connection,
    `create table if not exists schema_migrations (
      version ${engine.integerType} not null primary key,
      name text not null,
      applied_at ${engine.integerType} not null
    ) ${engine.table}`,
  );
  const done = (await connection.first(lastVersion, {}))?.version ?? 0;
  if (done > schemaVersion) throw schemaNewer(done);
  for (const step of steps.filter(({ version }) => version > done)) {
    try {
      for (const text of step.statements(engine)) await execute(connection, text);
      await connection.run(noteMigration, { version: step.version, name: step.name, now });
    } catch (cause) {
      throw migrationFailed(step, done, cause);
    }
  }
}

/** Throws `schema_newer` and `schema_older` where the store, which is only to be read, has not the schema of this version. */
export async function requireSchema(connection: Connection): Promise<void> {
  const done = (await connection.first(lastVersion, {}))?.version ?? 0;
  if (done > schemaVersion) throw schemaNewer(done);
  if (done < schemaVersion) {
    throw new StoreUnavailableError(
      'schema_older',
      `The store has schema ${done}, and this version of seatledger reads ${schemaVersion}. Start the server on it once, which brings it forward.`,
    );
  }
}

function schemaNewer(version: number): StoreUnavailableError {
  return new StoreUnavailableError(
    'schema_newer',
    `The store has schema ${version}, and this version of seatledger knows ${schemaVersion}. Run the version that made it, or a later one.`,
  );
}

function migrationFailed({ version }: Migration, done: number, cause: unknown): StoreUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnavailableError(
    'migration_failed',
    `The store could not be brought from schema ${done} to ${version}: ${reason}. Nothing of it was changed: the version that ran before still opens it.`,
    { cause },
  );
}

async function execute(connection: Connection, text: string): Promise<void> {
  await connection.run(
    statement<object, unknown>((db) => ({ compile: () => sql.raw(text).compile(db) })),
    {},
  );
}
