/** The app registrations of a partner, wherever they are reached: over HTTP, or in the data folder of a stopped server. */

import type {
  AppRegistration,
  AppRegistrationChange,
  CreatedAppRegistration,
  CreatedCredential,
  NewAppRegistration,
  NewCredential,
} from '@seatledger/contract';

export interface AppRegistrations {
  create(registration: NewAppRegistration): Promise<CreatedAppRegistration>;
  list(): Promise<readonly AppRegistration[]>;
  show(clientId: string): Promise<AppRegistration>;
  change(clientId: string, change: AppRegistrationChange): Promise<AppRegistration>;
  delete(clientId: string): Promise<void>;
  addCredential(clientId: string, credential: NewCredential): Promise<CreatedCredential>;
  removeCredential(clientId: string, credentialId: string): Promise<void>;
}
