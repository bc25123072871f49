/** Looks at everything around a server that goes wrong without anybody having changed it, and changes nothing. */

import { type ServeFlags, storePlaceOf } from '../config.ts';
import { type Clock, inspectStore, systemClock } from '../openLedger.ts';
import { StoreUnavailableError } from '../store/unavailable.ts';
import { examineConfiguration } from './examineConfiguration.ts';
import { examineFolder, examineRoom, type RoomOf, roomOfSystem } from './examineFolder.ts';
import { examineServer } from './examineServer.ts';
import {
  examineClock,
  examineCredentials,
  examineIntegrity,
  examineKeys,
  examineSchema,
} from './examineStore.ts';
import { type Finding, ok, problem, storeOption } from './finding.ts';

export interface Examination extends Pick<ServeFlags, 'data' | 'databaseUrl'> {
  /** The origin of a server to ask too. */
  readonly url?: string | undefined;
}

/** What is looked at, and what that is measured by. */
interface Surroundings {
  readonly clock?: Clock;
  readonly roomOf?: RoomOf;
  /** The process's own where it is left out. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** In the order in which it is worth reading. Throws `ConfigurationError`. */
export async function examine(
  { url, ...named }: Examination,
  { clock = systemClock, roomOf = roomOfSystem, environment }: Surroundings = {},
): Promise<readonly Finding[]> {
  const place = storePlaceOf(named, environment);
  const now = clock.now();
  const ofServer = url === undefined ? [] : await examineServer(url, now);
  const around = [...examineConfiguration(named, { now, environment }), ...ofServer];

  const ofPlace =
    place.kind === 'folder'
      ? examineFolder(place.path, roomOf)
      : [examineRoom(place.temporaryFolder, roomOf)];
  if ('missing' in ofPlace) return [ofPlace.missing, ...around];
  const examining = { now, option: storeOption(place) };
  try {
    const ofStore = await inspectStore(place, clock, async (store) => {
      const schema = examineSchema(store);
      const integrity = examineIntegrity(store);
      const reached = place.kind === 'folder' ? [] : [reachedFinding(store.isReadOnly)];
      const found = [...reached, schema, ...(integrity === undefined ? [] : [integrity])];
      // What is in tables of another version cannot be read for sure, nor what is damaged.
      if (schema.state !== 'ok' || integrity?.state === 'problem') return found;
      return [
        ...found,
        ...examineClock(store, { ...examining, now: clock.now() }),
        await examineKeys(store.keys, examining),
        ...examineCredentials(await store.apps(), examining),
      ];
    });
    return [...ofPlace, ...ofStore, ...around];
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    const [check, remedy] =
      place.kind === 'folder'
        ? ([
            'integrity',
            'Run this as the user that the server runs as; put a damaged file back from a backup.',
          ] as const)
        : (['database', 'Check the URL, that the database runs, and that it lets this user in.'] as const);
    return [...ofPlace, problem(check, error.message, remedy), ...around];
  }
}

function reachedFinding(isReadOnly: boolean): Finding {
  return isReadOnly
    ? problem(
        'database',
        'The database takes no changes: it is a replica, or read-only.',
        'Give the URL of the primary; changes are refused until it is one.',
      )
    : ok('database', 'The database answers, and takes changes.');
}
