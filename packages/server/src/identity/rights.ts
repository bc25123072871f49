/** What an app may do at this moment: its registration, remembered for less than a second. */

import type { CustomerId, Permission, Revision } from '@seatledger/contract';
import type { App, IdentityReads } from './ports.ts';

/** How long a registration is taken for current, in milliseconds. A change of rights takes effect everywhere within a second. */
const currentMs = 500;
/** How many registrations are remembered. */
const rememberedAppsMax = 10_000;

export interface Rights {
  readonly clientId: string;
  readonly partnerId: number;
  readonly permissions: ReadonlySet<Permission>;
  readonly customers: 'all' | ReadonlySet<CustomerId>;
  readonly revision: Revision;
}

export interface RightsReader {
  /** The app's rights where their reading began less than half a second ago. */
  remembered(clientId: string): Rights | undefined;
  /**
   * The app's rights, read unless a reading began less than half a second ago; undefined where there is no such app.
   *
   * Throws where the store cannot be read.
   */
  read(clientId: string): Promise<Rights | undefined>;
  /** Forgets what is remembered, after a change of registrations in this process. */
  forget(): void;
}

interface Reading {
  readonly beganAt: number;
  readonly ended: Promise<Rights | undefined>;
  /** Set once it has ended. */
  rights?: Rights;
}

/** `monotonicMs` never goes back: how long ago something was read must not depend on the wall clock. */
export function readRights(
  reads: Pick<IdentityReads, 'app'>,
  monotonicMs: () => number,
  rememberedMax = rememberedAppsMax,
): RightsReader {
  // A reading that is forgotten while it is under way ends for those who wait for it and for nobody else.
  const readings = new Map<string, Reading>();

  function current(clientId: string): Reading | undefined {
    const reading = readings.get(clientId);
    return reading !== undefined && monotonicMs() - reading.beganAt < currentMs ? reading : undefined;
  }

  function begin(clientId: string): Reading {
    const reading: Reading = { beganAt: monotonicMs(), ended: end() };
    async function end() {
      try {
        const app = await reads.app(clientId);
        if (app !== undefined) reading.rights = rightsOf(app);
        return reading.rights;
      } finally {
        if (reading.rights === undefined && readings.get(clientId) === reading) readings.delete(clientId);
      }
    }
    readings.delete(clientId);
    const oldest = readings.size >= rememberedMax ? readings.keys().next() : undefined;
    if (oldest?.done === false) readings.delete(oldest.value);
    readings.set(clientId, reading);
    return reading;
  }

  return {
    remembered: (clientId) => current(clientId)?.rights,
    read: (clientId) => (current(clientId) ?? begin(clientId)).ended,
    forget: () => readings.clear(),
  };
}

function rightsOf({ clientId, partnerId, permissions, customers, revision }: App): Rights {
  return {
    clientId,
    partnerId,
    permissions: new Set(permissions),
    customers: customers === 'all' ? 'all' : new Set(customers),
    revision,
  };
}
