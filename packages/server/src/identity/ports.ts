/** What identity needs of the store. */

import type { CustomerId, Permission, Revision } from '@seatledger/contract';

/** Which customers an app sees: all, those named, or those of customer groups. */
export type CustomerScope =
  | 'all'
  | { readonly customers: readonly CustomerId[] }
  | { readonly groups: readonly number[] };

/** When and from where something was last used; epoch milliseconds. */
export interface Use {
  readonly at: number;
  readonly from: string;
}

interface CredentialFacts {
  /** A GUID in lower case. */
  readonly credentialId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUse: Use | null;
}

export interface ClientSecret extends CredentialFacts {
  readonly kind: 'secret';
  /** SHA-256 of the secret, in lower-case hex. */
  readonly hash: string;
  /** The last four characters, by which people tell secrets apart. */
  readonly lastFour: string;
}

export interface ClientCertificate extends CredentialFacts {
  readonly kind: 'certificate';
  /** The DER form, in base64. */
  readonly certificate: string;
}

export type Credential = ClientCertificate | ClientSecret;

/** An API client of a partner, as its administrators see it. */
export interface App {
  /** A GUID in lower case. */
  readonly clientId: string;
  readonly partnerId: number;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly scope: CustomerScope;
  readonly revision: Revision;
  readonly disabled: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The event that it last changed with. */
  readonly changedSequence: number;
  /** In the order in which they were added; of one instant, secrets before certificates and by their ids. */
  readonly credentials: readonly Credential[];
}

/** An app as far as a request of it needs it: one keyed read, however many customers it sees. */
export interface Client
  extends Pick<App, 'clientId' | 'credentials' | 'disabled' | 'partnerId' | 'permissions' | 'revision'> {
  /** `all`, or what tells the customers that it sees now from those that it saw before. */
  readonly scopeVersion: string;
}

/** Inside the transaction of a change. */
export interface IdentityStore {
  appOf(partnerId: number, clientId: string): Promise<App | undefined>;
  insertApp(app: App): Promise<void>;
  /** Everything but the credentials. */
  updateApp(app: App): Promise<void>;
  /** Deletes the registration with all that belongs to it. */
  deleteApp(clientId: string): Promise<void>;
  insertCredential(clientId: string, credential: Credential): Promise<void>;
  deleteCredential(clientId: string, credentialId: string): Promise<void>;
  /** Notes the use, unless a later one than `before` is noted already. */
  noteUse(clientId: string, credentialId: string, note: { use: Use; before: number }): Promise<void>;
  /** Keeps the token as revoked until it has expired; epoch milliseconds. */
  revokeToken(tokenId: string, expiresAt: number): Promise<void>;
  /** Takes the assertion for used until it has expired; false where it was used before. */
  useAssertion(clientId: string, assertionHash: string, expiresAt: number): Promise<boolean>;
  /** Forgets the revoked tokens and used assertions that had expired by then. */
  forgetExpired(by: number): Promise<void>;
}

/** Outside of one. */
export interface IdentityReads {
  app(partnerId: number, clientId: string): Promise<App | undefined>;
  /** The partner's registrations, by name and client id. */
  appsOf(partnerId: number): Promise<readonly App[]>;
  client(clientId: string): Promise<Client | undefined>;
  /** The customers that an app sees which does not see all. */
  customersOf(clientId: string): Promise<readonly CustomerId[]>;
  isTokenRevoked(tokenId: string): Promise<boolean>;
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
  /** Keeps the key, durably, unless there is one already. */
  saveFirst(key: StoredKey): Promise<void>;
  /** Keeps the key, durably. */
  add(key: StoredKey): Promise<void>;
  /** Removes the key for good; nothing where it is not there. */
  remove(kid: string): Promise<void>;
}
