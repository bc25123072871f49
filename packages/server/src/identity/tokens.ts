/** Access tokens: JWTs of the profile RFC 9068, signed with RS256. */

import { isPermission, type Permission, tokenLifetimeSeconds } from '@seatledger/contract';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type SigningKeys, signingAlgorithm } from './keys.ts';

/** How many verified tokens are remembered. */
const rememberedTokensMax = 10_000;

export interface VerifiedToken {
  readonly clientId: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type TokenCheck = VerifiedToken | { readonly refused: 'token_expired' | 'token_invalid' };

export interface Tokens {
  issue(clientId: string, permissions: readonly Permission[]): Promise<string>;
  /** What is known of a token without any cryptography; undefined where it was not verified lately. */
  remembered(token: string): TokenCheck | undefined;
  verify(token: string): Promise<TokenCheck>;
}

/** `issuer` is the server's public URL, which is also the only audience that is accepted. */
export function createTokens({
  keys,
  clock,
  issuer,
  newId,
  rememberedMax = rememberedTokensMax,
}: {
  keys: SigningKeys;
  clock: { now(): number };
  issuer: () => string;
  newId: () => string;
  rememberedMax?: number;
}): Tokens {
  const verified = new Map<string, VerifiedToken>();

  function remember(token: string, check: VerifiedToken) {
    const oldest = verified.size >= rememberedMax ? verified.keys().next() : undefined;
    if (oldest?.done === false) verified.delete(oldest.value);
    verified.set(token, check);
  }

  return {
    issue(clientId, permissions) {
      const issuedAt = Math.floor(clock.now() / 1000);
      return new SignJWT({ client_id: clientId, scope: permissions.join(' ') })
        .setProtectedHeader({ alg: signingAlgorithm, typ: 'at+jwt', kid: keys.current.kid })
        .setIssuer(issuer())
        .setAudience(issuer())
        .setSubject(clientId)
        .setJti(newId())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + tokenLifetimeSeconds)
        .sign(keys.current.privateKey);
    },

    remembered(token) {
      const known = verified.get(token);
      if (known === undefined || clock.now() < known.expiresAt) return known;
      verified.delete(token);
      return { refused: 'token_expired' };
    },

    async verify(token) {
      if (!isCanonical(token)) return { refused: 'token_invalid' };
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = kid === undefined ? undefined : keys.publicKeys.get(kid);
            if (key === undefined) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: [signingAlgorithm],
            typ: 'at+jwt',
            issuer: issuer(),
            audience: issuer(),
            requiredClaims: ['exp', 'sub', 'client_id', 'scope'],
            currentDate: new Date(clock.now()),
          },
        );
        const check = checkOf(payload);
        if (!('refused' in check)) remember(token, check);
        return check;
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { refused: 'token_expired' };
        if (error instanceof errors.JOSEError) return { refused: 'token_invalid' };
        throw error;
      }
    },
  };
}

/**
 * Whether the token is spelled in the only way that RFC 7515 section 2 and RFC 4648 section 3.5 leave.
 *
 * jose also reads blanks, padding and stray bits at the end of a part: each spelling of one token would be remembered apart.
 */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function checkOf({ client_id, scope, exp }: JWTPayload): TokenCheck {
  if (typeof client_id !== 'string' || typeof scope !== 'string' || exp === undefined)
    return { refused: 'token_invalid' };
  return {
    clientId: client_id,
    permissions: new Set(scope.split(' ').filter(isPermission)),
    expiresAt: exp * 1000,
  };
}
