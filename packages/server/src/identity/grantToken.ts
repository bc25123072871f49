/** The client credentials grant: an app proves who it is and gets a token (RFC 6749 section 4.4). */

import {
  isPermission,
  type Permission,
  type TokenError,
  scopeLengthMax,
  tokenLifetimeSeconds,
} from '@seatledger/contract';
import type { App, IdentityReads } from './ports.ts';
import { isSecretInForce } from './secrets.ts';
import type { Tokens } from './tokens.ts';

interface TokenGrant {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly permissions: readonly Permission[];
}

export type GrantOutcome = TokenGrant | { readonly error: TokenError; readonly description: string };

export interface ClientProof {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** `scope` is what the request asks for; undefined means all that the app holds. */
export function createTokenGrant({
  apps,
  tokens,
  clock,
}: {
  apps: Pick<IdentityReads, 'app'>;
  tokens: Pick<Tokens, 'issue'>;
  clock: { now(): number };
}) {
  return async function grantToken(proof: ClientProof, scope: string | undefined): Promise<GrantOutcome> {
    const app = await apps.app(proof.clientId.toLowerCase());
    // The secret is hashed and compared whether there is such an app or not: the time must not tell.
    const proven = isSecretInForce(proof.clientSecret, app?.secrets ?? [], clock.now());
    if (app === undefined || !proven) {
      return {
        error: 'invalid_client',
        description: 'The client is unknown, or its secret is wrong or has expired.',
      };
    }
    const asked = permissionsAsked(app, scope);
    if ('error' in asked) return asked;
    return {
      accessToken: await tokens.issue(app.clientId, asked.permissions),
      expiresInSeconds: tokenLifetimeSeconds,
      permissions: asked.permissions,
    };
  };
}

export type GrantToken = ReturnType<typeof createTokenGrant>;

function permissionsAsked(
  app: App,
  scope: string | undefined,
): { permissions: readonly Permission[] } | { error: TokenError; description: string } {
  if (scope === undefined) return { permissions: app.permissions };
  if (scope.length > scopeLengthMax) {
    return { error: 'invalid_scope', description: `The scope is longer than ${scopeLengthMax} characters.` };
  }
  const names = [...new Set(scope.split(' ').filter((name) => name !== ''))];
  if (names.length === 0) return { error: 'invalid_scope', description: 'The scope names no permission.' };
  const permissions = names.filter(isPermission).filter((name) => app.permissions.includes(name));
  if (permissions.length < names.length) {
    // Only what the caller sent is said back, and only what is safe in an error description (RFC 6749 section 5.2).
    const refused = names.find((name) => !permissions.some((permission) => permission === name)) ?? '';
    const shown = /^[\w.:-]{1,64}$/.test(refused) ? ` ${refused}` : '';
    return { error: 'invalid_scope', description: `The app does not hold the permission${shown}.` };
  }
  return { permissions };
}
