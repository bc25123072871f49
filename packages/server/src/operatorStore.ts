/** The store as the person who runs the server works on it: in the data folder of a stopped one, or in a database. */

import type {
  AppRegistration,
  AppRegistrationChange,
  CreatedAppRegistration,
  CreatedCredential,
  NewAppRegistration,
  NewCredential,
} from '@seatledger/contract';
import { ProblemError } from '@seatledger/contract';
import { noPartner } from './changes.ts';
import { type ServeFlags, storePlaceOf } from './config.ts';
import { choosePartner, defaultPartnerName, type Partner } from './estate/index.ts';
import {
  addedToWire,
  appFromWire,
  appToWire,
  changeFromWire,
  credentialFromWire,
  registeredToWire,
} from './http/operations/apps.ts';
import { type KeyState, keyStates, type RotatedKeys, rotateKeys } from './identity/index.ts';
import type { MovedStore } from './moveStore.ts';
import { openKeys, openLedger, systemClock } from './openLedger.ts';
import type { PartnerVerification } from './verifyStore.ts';

/** Where a store is, as whoever works on it names it. */
type NamedPlace = Pick<ServeFlags, 'data' | 'databaseUrl'>;

/** Whoever can write the store may do everything: nothing here asks for a permission. */
export interface OperatorStore {
  listPartners(): Promise<readonly { name: string; createdAt: string }[]>;
  createPartner(name: string): Promise<{ name: string; createdAt: string }>;
  /** `partner` is a name; the only partner where it is left out. An empty store gets one. */
  createApp(registration: NewAppRegistration, partner?: string): Promise<CreatedAppRegistration>;
  listApps(partner?: string): Promise<readonly AppRegistration[]>;
  showApp(clientId: string, partner?: string): Promise<AppRegistration>;
  changeApp(clientId: string, change: AppRegistrationChange, partner?: string): Promise<AppRegistration>;
  deleteApp(clientId: string, partner?: string): Promise<void>;
  addCredential(clientId: string, credential: NewCredential, partner?: string): Promise<CreatedCredential>;
  removeCredential(clientId: string, credentialId: string, partner?: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes an empty store where there is none, unless `mustExist` and it is a folder's.
 *
 * Throws `ConfigurationError`, and `StoreUnavailableError`, with `data_folder_in_use` where a server runs on the folder. A database can
 * be worked on while servers run.
 */
export async function openOperatorStore(
  place: NamedPlace,
  { mustExist = false }: { mustExist?: boolean } = {},
): Promise<OperatorStore> {
  const ledger = await openLedger(storePlaceOf(place), {
    clock: systemClock,
    create: !mustExist,
    onWriterDeath(error) {
      throw error;
    },
  });
  const { estate, identity } = ledger.reads;
  const { make } = ledger;
  const by = () => ({ actor: 'operator', reason: null, now: systemClock.now() });

  async function partnerNamed(name: string | undefined): Promise<Partner> {
    const chosen = choosePartner(await estate.partners(), name);
    if (chosen === undefined)
      throw new ProblemError('partner_not_found', { detail: 'There is no partner yet.' });
    return chosen;
  }
  const createPartner = (name: string) =>
    make({ ...by(), kind: 'partner.create', input: { name }, partnerId: noPartner });

  return {
    listPartners: async () => (await estate.partners()).map(partnerToText),
    createPartner: async (name) => partnerToText(await createPartner(name)),
    async createApp(registration, name) {
      const chosen =
        choosePartner(await estate.partners(), name) ?? (await createPartner(defaultPartnerName));
      const input = appFromWire(registration, null);
      return registeredToWire(
        await make({ ...by(), kind: 'app.register', input, partnerId: chosen.partnerId }),
      );
    },
    async listApps(name) {
      const { partnerId } = await partnerNamed(name);
      return (await identity.appsOf(partnerId)).map(appToWire);
    },
    async showApp(clientId, name) {
      const { partnerId } = await partnerNamed(name);
      const app = await identity.app(partnerId, clientId.toLowerCase());
      if (app === undefined) throw new ProblemError('app_not_found');
      return appToWire(app);
    },
    async changeApp(clientId, change, name) {
      const { partnerId } = await partnerNamed(name);
      const input = { ...changeFromWire(change), clientId, expected: 'any', grantable: null } as const;
      return appToWire(await make({ ...by(), kind: 'app.change', input, partnerId }));
    },
    async addCredential(clientId, credential, name) {
      const { partnerId } = await partnerNamed(name);
      const input = { clientId, credential: credentialFromWire(credential), grantable: null };
      return addedToWire(await make({ ...by(), kind: 'credential.add', input, partnerId }));
    },
    async removeCredential(clientId, credentialId, name) {
      const { partnerId } = await partnerNamed(name);
      await make({ ...by(), kind: 'credential.remove', input: { clientId, credentialId }, partnerId });
    },
    async deleteApp(clientId, name) {
      const { partnerId } = await partnerNamed(name);
      await make({ ...by(), kind: 'app.delete', input: { clientId }, partnerId });
    },
    close: () => ledger.close(),
  };
}

/** Works on the signing keys of the store, which servers may go on with. */
export interface OperatorKeys {
  /** Makes a new key that signs from soon on; with `dropOthers`, every token there is is refused within a second. */
  rotate(options: { dropOthers: boolean }): Promise<RotatedKeys>;
  list(): Promise<readonly KeyState[]>;
  close(): Promise<void>;
}

/** Throws `ConfigurationError` and `StoreUnavailableError`. */
export async function openOperatorKeys(place: NamedPlace): Promise<OperatorKeys> {
  const { keys, close } = await openKeys(storePlaceOf(place), systemClock);
  return {
    rotate: ({ dropOthers }) => rotateKeys(keys, { now: systemClock.now(), dropOthers }),
    list: () => keyStates(keys, systemClock.now()),
    close,
  };
}

/** Verifies each partner of the store, which servers may go on with. Throws `ConfigurationError` and `StoreUnavailableError`. */
export async function verifyStore(
  place: NamedPlace,
  { head }: { head: string | undefined },
  tell: (found: PartnerVerification) => void,
): Promise<void> {
  const [{ readWhole }, verify] = await Promise.all([import('./wholeStore.ts'), import('./verifyStore.ts')]);
  await readWhole(storePlaceOf(place), async (connection) => {
    for await (const found of verify.verifyStore(connection, { head })) tell(found);
  });
}

/** Writes out the store, which servers may go on with. Throws `ConfigurationError` and `StoreUnavailableError`. */
export async function exportStore(
  place: NamedPlace,
  write: (text: string) => Promise<void>,
): Promise<MovedStore> {
  const [{ readWhole }, move] = await Promise.all([import('./wholeStore.ts'), import('./moveStore.ts')]);
  return readWhole(storePlaceOf(place), (connection) => move.exportStore(connection, write));
}

/** Fills the store, which is empty, from the file of an export, or leaves it empty. Throws as the others do. */
export async function fillStore(place: NamedPlace, file: string): Promise<MovedStore> {
  const [{ fillWhole }, move] = await Promise.all([import('./wholeStore.ts'), import('./moveStore.ts')]);
  let moved: MovedStore = { rows: 0, heads: [] };
  await fillWhole(storePlaceOf(place), async (connection) => {
    moved = await move.importStore(connection, file);
  });
  return moved;
}

function partnerToText({ name, createdAt }: Partner): { name: string; createdAt: string } {
  return { name, createdAt: new Date(createdAt).toISOString() };
}
