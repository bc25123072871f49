import { examineStore, type Finding } from '@seatledger/server';
import type { StoreName } from './operatorStore.ts';
import { failingAsCommand } from './serverFailures.ts';

/** What the doctor finds around the store that is named, and at the server of the URL. */
export function examine(name: StoreName & { readonly url?: string }): Promise<readonly Finding[]> {
  return failingAsCommand(() => examineStore(name));
}
