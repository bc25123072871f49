/** From the token of a request to the app that sent it and what it may do now. */

import type { Permission } from '@seatledger/contract';
import type { NoteUse } from './credentialUse.ts';
import type { Rights, RightsReader } from './rights.ts';
import type { TokenCheck, Tokens, VerifiedToken } from './tokens.ts';

/** The app behind a request. Its permissions are those that the token carries and the registration still holds. */
export interface Caller extends Rights {
  /** Whether the caller may see this customer is for `customers` to say; whether it may do this is for here. */
  may(permission: Permission): boolean;
}

export type Authentication =
  | { readonly caller: Caller }
  | { readonly refused: 'token_expired' | 'token_invalid' }
  | { readonly refused: 'rights_unverified'; readonly cause: unknown };

/** Answers at once where the token and the rights are remembered: the way of all but few requests. */
export function createAuthentication({
  tokens,
  rights,
  noteUse,
}: {
  tokens: Tokens;
  rights: RightsReader;
  noteUse: NoteUse;
}) {
  async function readAgain(
    token: string,
    check: TokenCheck | undefined,
    sender: { readonly ip: string },
  ): Promise<Authentication> {
    try {
      const verified = check ?? (await tokens.verify(token));
      if ('refused' in verified) return verified;
      const [app, standing] = await Promise.all([
        rights.apps.read(verified.clientId),
        rights.tokens.read(verified.tokenId),
      ]);
      if (app === undefined || standing === undefined) return { refused: 'token_invalid' };
      const authentication = decide(verified, app, standing);
      if ('caller' in authentication) noteUse(verified, sender.ip);
      return authentication;
    } catch (cause) {
      return { refused: 'rights_unverified', cause };
    }
  }

  return function authenticate(
    token: string,
    sender: { readonly ip: string },
  ): Authentication | Promise<Authentication> {
    const check = tokens.remembered(token);
    if (check === undefined || 'refused' in check) return readAgain(token, check, sender);
    const app = rights.apps.remembered(check.clientId);
    const standing = rights.tokens.remembered(check.tokenId);
    return app === undefined || standing === undefined
      ? readAgain(token, check, sender)
      : decide(check, app, standing);
  };
}

export type Authenticate = ReturnType<typeof createAuthentication>;

function decide(token: VerifiedToken, app: Rights, standing: 'good' | 'revoked'): Authentication {
  if (standing === 'revoked' || !app.credentialIds.has(token.credentialId))
    return { refused: 'token_invalid' };
  return {
    caller: {
      ...app,
      may: (permission) => token.permissions.has(permission) && app.permissions.has(permission),
    },
  };
}
