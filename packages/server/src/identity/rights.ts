/** What an app may do at this moment, and whether a token was revoked: read from the store, remembered for less than a second. */

import type { CustomerId, Permission, Revision } from '@seatledger/contract';
import { type BriefMemory, rememberBriefly } from './briefMemory.ts';
import type { Client, IdentityReads } from './ports.ts';

/** How many apps and tokens are remembered. */
const rememberedMaxDefault = 10_000;

export interface Rights {
  readonly clientId: string;
  readonly partnerId: number;
  readonly permissions: ReadonlySet<Permission>;
  readonly customers: 'all' | ReadonlySet<CustomerId>;
  /** Tells these customers from those that the app saw before. */
  readonly scopeVersion: string;
  readonly revision: Revision;
  /** The credentials that the app has: a token that was got with another is not good any more. */
  readonly credentialIds: ReadonlySet<string>;
}

export interface RightsReader {
  /** By client id. There are none of an app that is disabled, or not there. */
  readonly apps: BriefMemory<Rights>;
  /** By token id. */
  readonly tokens: BriefMemory<'good' | 'revoked'>;
  /** Forgets what is remembered, after a change in this process. */
  forget(): void;
}

interface ScopeRead {
  readonly version: string;
  readonly customers: ReadonlySet<CustomerId>;
}

export function readRights(
  reads: Pick<IdentityReads, 'client' | 'customersOf' | 'isTokenRevoked'>,
  monotonicMs: () => number,
  rememberedMax = rememberedMaxDefault,
): RightsReader {
  /** A scope can be large and seldom changes: its customers are read again only where their version is another. */
  const scopes = new Map<string, ScopeRead>();

  async function customersOf({ clientId, scopeVersion }: Client): Promise<Rights['customers']> {
    if (scopeVersion === 'all') return 'all';
    const known = scopes.get(clientId);
    if (known?.version === scopeVersion) return known.customers;
    const customers = new Set(await reads.customersOf(clientId));
    scopes.delete(clientId);
    const oldest = scopes.size >= rememberedMax ? scopes.keys().next() : undefined;
    if (oldest?.done === false) scopes.delete(oldest.value);
    scopes.set(clientId, { version: scopeVersion, customers });
    return customers;
  }

  const bounds = { monotonicMs, rememberedMax };
  const apps = rememberBriefly(async (clientId): Promise<Rights | undefined> => {
    const client = await reads.client(clientId);
    if (client === undefined || client.disabled) return undefined;
    const { partnerId, permissions, revision, credentials, scopeVersion } = client;
    return {
      clientId,
      partnerId,
      permissions: new Set(permissions),
      customers: await customersOf(client),
      scopeVersion,
      revision,
      credentialIds: new Set(credentials.map(({ credentialId }) => credentialId)),
    };
  }, bounds);
  const tokens = rememberBriefly(
    async (tokenId): Promise<'good' | 'revoked'> =>
      (await reads.isTokenRevoked(tokenId)) ? 'revoked' : 'good',
    bounds,
  );
  return {
    apps,
    tokens,
    forget() {
      apps.forget();
      tokens.forget();
    },
  };
}
