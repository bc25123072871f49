import type { OperatorStore } from '@seatledger/server';
import type { AppRegistrations } from '../appRegistrations.ts';
import { type StoreName, withOperatorStore } from './operatorStore.ts';

/** The app registrations of a partner in a store that no server is asked for. Only making one makes a data folder too. */
export function appsOfStore({
  name,
  partner,
}: {
  name: StoreName;
  partner: string | undefined;
}): AppRegistrations {
  const inStore = <Result>(use: (store: OperatorStore) => Promise<Result>) =>
    withOperatorStore({ name, mustExist: true }, use);
  return {
    create: (registration) =>
      withOperatorStore({ name, mustExist: false }, (store) => store.createApp(registration, partner)),
    list: () => inStore((store) => store.listApps(partner)),
    show: (clientId) => inStore((store) => store.showApp(clientId, partner)),
    change: (clientId, change) => inStore((store) => store.changeApp(clientId, change, partner)),
    delete: (clientId) => inStore((store) => store.deleteApp(clientId, partner)),
    addCredential: (clientId, credential) =>
      inStore((store) => store.addCredential(clientId, credential, partner)),
    removeCredential: (clientId, credentialId) =>
      inStore((store) => store.removeCredential(clientId, credentialId, partner)),
  };
}
