import type { AppRegistrations } from '../appRegistrations.ts';
import { withDataFolder } from './dataFolder.ts';

/** The app registrations of a partner in the data folder of a stopped server. Only making one makes the folder too. */
export function appsOfFolder({
  folder: path,
  partner,
}: {
  folder: string;
  partner: string | undefined;
}): AppRegistrations {
  return {
    create: (registration) =>
      withDataFolder({ path, mustExist: false }, (folder) => folder.createApp(registration, partner)),
    list: () => withDataFolder({ path, mustExist: true }, (folder) => folder.listApps(partner)),
    delete: (clientId) =>
      withDataFolder({ path, mustExist: true }, (folder) => folder.deleteApp(clientId, partner)),
  };
}
