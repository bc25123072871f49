/** A store as a whole, for the commands that verify, export and fill one. */

import {
  exportStore as exportWhole,
  type MovedStore,
  fillStore as fillWhole,
  type PartnerVerification,
  verifyStore as verifyWhole,
} from '@seatledger/server';
import type { StoreName } from './operatorStore.ts';
import { failingAsCommand } from './serverFailures.ts';

export function verifyStore(
  name: StoreName,
  { head }: { head: string | undefined },
  tell: (found: PartnerVerification) => void,
): Promise<void> {
  return failingAsCommand(() => verifyWhole(name, { head }, tell));
}

export function exportStore(name: StoreName, write: (text: string) => Promise<void>): Promise<MovedStore> {
  return failingAsCommand(() => exportWhole(name, write));
}

export function fillStore(name: StoreName, file: string): Promise<MovedStore> {
  return failingAsCommand(() => fillWhole(name, file));
}
