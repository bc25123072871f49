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
  return {
    create: (registration) =>
      withOperatorStore({ name, mustExist: false }, (store) => store.createApp(registration, partner)),
    list: () => withOperatorStore({ name, mustExist: true }, (store) => store.listApps(partner)),
    delete: (clientId) =>
      withOperatorStore({ name, mustExist: true }, (store) => store.deleteApp(clientId, partner)),
  };
}
