/** The app registrations of a partner, wherever they are reached: over HTTP, or in the data folder of a stopped server. */

import type { AppRegistration, CreatedAppRegistration, NewAppRegistration } from '@seatledger/contract';

export interface AppRegistrations {
  create(registration: NewAppRegistration): Promise<CreatedAppRegistration>;
  list(): Promise<readonly AppRegistration[]>;
  delete(clientId: string): Promise<void>;
}
