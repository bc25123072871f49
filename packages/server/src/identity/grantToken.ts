/** The client credentials grant: what a client that has proved who it is gets (RFC 6749 section 4.4). */

import {
  isPermission,
  type Permission,
  type TokenError,
  scopeLengthMax,
  tokenLifetimeSeconds,
} from '@seatledger/contract';
import type { AuthenticatedClient } from './authenticateClient.ts';
import type { Client } from './ports.ts';
import type { Tokens } from './tokens.ts';

interface TokenGrant {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly permissions: readonly Permission[];
}

export type GrantOutcome = TokenGrant | { readonly error: TokenError; readonly description: string };

/** `scope` is what the request asks for; undefined means all that the app holds. */
export function createTokenGrant(tokens: Pick<Tokens, 'issue'>) {
  return async function grantToken(
    { client, credentialId }: AuthenticatedClient,
    scope: string | undefined,
  ): Promise<GrantOutcome> {
    const asked = permissionsAsked(client, scope);
    if ('error' in asked) return asked;
    return {
      accessToken: await tokens.issue({ clientId: client.clientId, credentialId }, asked.permissions),
      expiresInSeconds: tokenLifetimeSeconds,
      permissions: asked.permissions,
    };
  };
}

export type GrantToken = ReturnType<typeof createTokenGrant>;

function permissionsAsked(
  held: Pick<Client, 'permissions'>,
  scope: string | undefined,
): { permissions: readonly Permission[] } | { error: TokenError; description: string } {
  if (scope === undefined) return { permissions: held.permissions };
  if (scope.length > scopeLengthMax) {
    return { error: 'invalid_scope', description: `The scope is longer than ${scopeLengthMax} characters.` };
  }
  const names = [...new Set(scope.split(' ').filter((name) => name !== ''))];
  if (names.length === 0) return { error: 'invalid_scope', description: 'The scope names no permission.' };
  const permissions = names.filter(isPermission).filter((name) => held.permissions.includes(name));
  if (permissions.length < names.length) {
    // Only what the caller sent is said back, and only what is safe in an error description (RFC 6749 section 5.2).
    const refused = names.find((name) => !permissions.some((permission) => permission === name)) ?? '';
    const shown = /^[\w.:-]{1,64}$/.test(refused) ? ` ${refused}` : '';
    return { error: 'invalid_scope', description: `The app does not hold the permission${shown}.` };
  }
  return { permissions };
}
