/** What identity needs of the store. */

import type { CustomerId, Permission, Revision } from '@seatledger/contract';

export interface ClientSecret {
  readonly secretId: string;
  /** SHA-256 of the secret, in lower-case hex. */
  readonly hash: string;
  /** The last four characters, by which people tell secrets apart. */
  readonly lastFour: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** An API client of a partner. */
export interface App {
  /** A GUID in lower case. */
  readonly clientId: string;
  readonly partnerId: number;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly customers: 'all' | readonly CustomerId[];
  readonly revision: Revision;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly secrets: readonly ClientSecret[];
}

/** Inside the transaction of a change. */
export interface IdentityStore {
  appOf(partnerId: number, clientId: string): Promise<App | undefined>;
  insertApp(app: App): Promise<void>;
  /** Deletes the registration with its secrets and its customers. */
  deleteApp(clientId: string): Promise<void>;
}

/** Outside of one. */
export interface IdentityReads {
  app(clientId: string): Promise<App | undefined>;
  /** The partner's registrations, by name and client id. */
  appsOf(partnerId: number): Promise<readonly App[]>;
}

/** A private signing key as it is kept: a JWK of RFC 7517 with `kid`. */
export interface StoredKey {
  readonly kid: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

export interface KeyStore {
  /** All keys, the oldest first. */
  load(): Promise<readonly StoredKey[]>;
  /** Keeps the key, durably, before it signs anything. */
  save(key: StoredKey): Promise<void>;
}
