/** From the token of a request to the app that sent it and what it may do now. */

import type { Permission } from '@seatledger/contract';
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
export function createAuthentication({ tokens, rights }: { tokens: Tokens; rights: RightsReader }) {
  async function readAgain(token: string, check: TokenCheck | undefined): Promise<Authentication> {
    const verified = check ?? (await tokens.verify(token));
    if ('refused' in verified) return verified;
    let current: Rights | undefined;
    try {
      current = await rights.read(verified.clientId);
    } catch (cause) {
      return { refused: 'rights_unverified', cause };
    }
    return current === undefined ? { refused: 'token_invalid' } : { caller: callerOf(verified, current) };
  }

  return function authenticate(token: string): Authentication | Promise<Authentication> {
    const check = tokens.remembered(token);
    if (check === undefined || 'refused' in check) return readAgain(token, check);
    const current = rights.remembered(check.clientId);
    return current === undefined ? readAgain(token, check) : { caller: callerOf(check, current) };
  };
}

export type Authenticate = ReturnType<typeof createAuthentication>;

function callerOf(token: VerifiedToken, rights: Rights): Caller {
  return {
    ...rights,
    may: (permission) => token.permissions.has(permission) && rights.permissions.has(permission),
  };
}
