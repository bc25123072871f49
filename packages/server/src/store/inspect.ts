/** A store as it lies there, for who looks at it and changes nothing. */

import { sql } from 'kysely';
import type { App, KeyStore } from '../identity/ports.ts';
import type { Connection } from './connection.ts';
import { schemaVersion } from './migrate.ts';
import { statement } from './statement.ts';
import { readsOn } from './stores.ts';

export interface InspectedStore {
  /** `found` is undefined where there is none. */
  readonly schema: { readonly found: number | undefined; readonly known: number };
  /** Epoch milliseconds; undefined where there is no event. Not of a schema that is not known. */
  readonly lastEventAt: number | undefined;
  /** The database's own clock, where it has one. */
  readonly databaseNow: number | undefined;
  readonly isReadOnly: boolean;
  /** The first thing that is wrong with the file; undefined where nothing is, and null where there is none to look at. */
  readonly damage: string | null | undefined;
  readonly keys: KeyStore;
  apps(): Promise<readonly App[]>;
}

const lastEvent = statement<object, { at: number | null }>((db) =>
  db.selectFrom('partners').select((the) => the.fn.max('head_recorded_at').as('at')),
);

const schemaFound = statement<object, { version: number | null }>((db) => ({
  compile: () =>
    sql<{ version: number | null }>`select max(version) as version from schema_migrations`.compile(db),
}));

/** `hasTables` is whether the table of migrations is there. */
export async function inspectOn(
  connection: Connection,
  hasTables: boolean,
  engine: Pick<InspectedStore, 'damage' | 'databaseNow' | 'isReadOnly' | 'keys'>,
): Promise<InspectedStore> {
  const version = hasTables ? (await connection.first(schemaFound, {}))?.version : undefined;
  const found = version ?? undefined;
  const isKnown = found === schemaVersion;
  return {
    ...engine,
    schema: { found, known: schemaVersion },
    lastEventAt: isKnown ? ((await connection.first(lastEvent, {}))?.at ?? undefined) : undefined,
    async apps() {
      const { estate, identity } = readsOn(connection);
      const ofPartners: App[] = [];
      for (const { partnerId } of await estate.partners())
        ofPartners.push(...(await identity.appsOf(partnerId)));
      return ofPartners;
    },
  };
}
