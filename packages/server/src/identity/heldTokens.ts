/** What is asked of tokens that were issued: to end one (RFC 7009), and what one is good for (RFC 7662). */

import type { Permission } from '@seatledger/contract';
import type { Client } from './ports.ts';
import type { RightsReader } from './rights.ts';
import type { Tokens, VerifiedToken } from './tokens.ts';

/** A token that is in force, with what it may do at this moment. */
export interface ActiveToken extends VerifiedToken {
  readonly permissionsNow: readonly Permission[];
}

/** `revoke` keeps the token as revoked, durably, until it has expired. */
export function createTokenAnswers({
  tokens,
  rights,
  revoke,
}: {
  tokens: Pick<Tokens, 'verify'>;
  rights: RightsReader;
  revoke: (token: { tokenId: string; expiresAt: number }) => Promise<unknown>;
}) {
  return {
    /** Ends the token. One that is not in force is not any more already; one of another app is refused. */
    async revoke(client: Client, token: string): Promise<'of_another' | 'revoked'> {
      const verified = await tokens.verify(token);
      if ('refused' in verified) return 'revoked';
      if (verified.clientId !== client.clientId) return 'of_another';
      await revoke({ tokenId: verified.tokenId, expiresAt: verified.expiresAt });
      return 'revoked';
    },

    /** The token, where it is in force and the client may know: it is its own, or the client administers the same partner. */
    async introspect(client: Client, token: string): Promise<ActiveToken | undefined> {
      const verified = await tokens.verify(token);
      if ('refused' in verified) return undefined;
      const [app, standing] = await Promise.all([
        rights.apps.read(verified.clientId),
        rights.tokens.read(verified.tokenId),
      ]);
      const isInForce = standing === 'good' && app?.credentialIds.has(verified.credentialId) === true;
      if (!isInForce) return undefined;
      const isAdministrator =
        client.permissions.includes('seatledger.admin') &&
        client.scopeVersion === 'all' &&
        client.partnerId === app.partnerId;
      if (verified.clientId !== client.clientId && !isAdministrator) return undefined;
      const permissionsNow = [...verified.permissions].filter((name) => app.permissions.has(name));
      return { ...verified, permissionsNow };
    },
  };
}

export type TokenAnswers = ReturnType<typeof createTokenAnswers>;
