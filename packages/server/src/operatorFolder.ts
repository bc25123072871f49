/** The data folder of a stopped server, for the person who runs it. */

import type { AppRegistration, CreatedAppRegistration, NewAppRegistration } from '@seatledger/contract';
import { ProblemError } from '@seatledger/contract';
import { noPartner } from './changes.ts';
import { dataFolderOf } from './config.ts';
import { choosePartner, defaultPartnerName, type Partner } from './estate/index.ts';
import { appFromWire, appToWire, registeredToWire } from './http/operations/apps.ts';
import { openLedger, systemClock } from './openLedger.ts';

/** Whoever can write the folder may do everything: nothing here asks for a permission. */
export interface DataFolder {
  listPartners(): Promise<readonly { name: string; createdAt: string }[]>;
  createPartner(name: string): Promise<{ name: string; createdAt: string }>;
  /** `partner` is a name; the only partner where it is left out. An empty store gets one. */
  createApp(registration: NewAppRegistration, partner?: string): Promise<CreatedAppRegistration>;
  listApps(partner?: string): Promise<readonly AppRegistration[]>;
  deleteApp(clientId: string, partner?: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes an empty store where there is none, unless `mustExist`.
 *
 * Throws `StoreUnavailableError`, with `data_folder_in_use` where a server runs on it.
 */
export async function openDataFolder(
  path?: string,
  { mustExist = false }: { mustExist?: boolean } = {},
): Promise<DataFolder> {
  const ledger = await openLedger(dataFolderOf(path), {
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
    async deleteApp(clientId, name) {
      const { partnerId } = await partnerNamed(name);
      await make({ ...by(), kind: 'app.delete', input: { clientId }, partnerId });
    },
    close: () => ledger.close(),
  };
}

function partnerToText({ name, createdAt }: Partner): { name: string; createdAt: string } {
  return { name, createdAt: new Date(createdAt).toISOString() };
}
