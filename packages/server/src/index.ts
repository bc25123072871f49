/** What the seatledger command uses of the server. */

import type { ServeFlags } from './config.ts';
import type { Examination } from './doctor/examine.ts';
import type { Finding } from './doctor/finding.ts';
import type { ServerReady } from './main.ts';

export { ConfigurationError, type ServeFlags } from './config.ts';
export type { Finding } from './doctor/finding.ts';
export type { ServerReady } from './main.ts';
export type { MovedStore } from './moveStore.ts';
export {
  exportStore,
  fillStore,
  openOperatorKeys,
  openOperatorStore,
  type OperatorKeys,
  type OperatorStore,
  verifyStore,
} from './operatorStore.ts';
export { backUpStore, type Progress, restoreStore, verifyBackupFile } from './operatorBackups.ts';
export { StoreUnavailableError } from './store/unavailable.ts';
export type { PartnerVerification } from './verifyStore.ts';

/** See `doctor/examine.ts`, which is loaded only where somebody looks. */
export async function examineStore(examination: Examination): Promise<readonly Finding[]> {
  const doctor = await import('./doctor/examine.ts');
  return doctor.examine(examination);
}

/** See `main.ts`, which is loaded only where a server is to run: whoever works on a store needs no HTTP. */
export async function serve(
  flags: ServeFlags,
  onReady: (ready: ServerReady) => void | Promise<void>,
): Promise<void> {
  const process = await import('./main.ts');
  return process.serve(flags, onReady);
}
