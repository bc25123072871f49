/** Access tokens: JWTs of the profile RFC 9068, signed with RS256. */

import { isPermission, type Permission, tokenLifetimeSeconds } from '@seatledger/contract';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { isCanonical } from './canonicalJwt.ts';
import type { MemoryUses } from './briefMemory.ts';
import type { CredentialUse } from './credentialUse.ts';
import { type KeyRing, signingAlgorithm } from './keys.ts';

/** The claim that names the credential that the token was got with: without it the token is not good any more. */
const credentialClaim = 'credential_id';

/** How many verified tokens are remembered. */
const rememberedTokensMax = 10_000;

export interface VerifiedToken extends CredentialUse {
  /** The `jti` of the token. */
  readonly tokenId: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export type TokenCheck = VerifiedToken | { readonly refused: 'token_expired' | 'token_invalid' };

export interface Tokens {
  /** A token for the app, got with that credential of it. */
  issue(got: CredentialUse, permissions: readonly Permission[]): Promise<string>;
  /** What is known of a token without any cryptography; undefined where it was not verified lately. */
  remembered(token: string): TokenCheck | undefined;
  /** Throws where the keys could not be read lately. */
  verify(token: string): Promise<TokenCheck>;
  /** Forgets what was verified, after a key was removed. */
  forget(): void;
  /** How often a token was known, or had to be verified. */
  readonly uses: MemoryUses;
}

/** `issuer` is the server's public URL, which is also the only audience that is accepted. */
export function createTokens({
  keys,
  clock,
  issuer,
  newId,
  rememberedMax = rememberedTokensMax,
}: {
  keys: Pick<KeyRing, 'requireRead' | 'signing' | 'verifying'>;
  clock: { now(): number };
  issuer: () => string;
  newId: () => string;
  rememberedMax?: number;
}): Tokens {
  let verified = new Map<string, VerifiedToken>();

  function remember(token: string, check: VerifiedToken) {
    const oldest = verified.size >= rememberedMax ? verified.keys().next() : undefined;
    if (oldest?.done === false) verified.delete(oldest.value);
    verified.set(token, check);
  }

  const uses: MemoryUses = { hits: 0, misses: 0 };
  return {
    uses,
    async issue({ clientId, credentialId }, permissions) {
      await keys.requireRead();
      const issuedAt = Math.floor(clock.now() / 1000);
      const { kid, privateKey } = keys.signing();
      return new SignJWT({
        client_id: clientId,
        scope: permissions.join(' '),
        [credentialClaim]: credentialId,
      })
        .setProtectedHeader({ alg: signingAlgorithm, typ: 'at+jwt', kid })
        .setIssuer(issuer())
        .setAudience(issuer())
        .setSubject(clientId)
        .setJti(newId())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + tokenLifetimeSeconds)
        .sign(privateKey);
    },

    remembered(token) {
      const known = verified.get(token);
      if (known === undefined) return undefined;
      uses.hits++;
      if (clock.now() < known.expiresAt) return known;
      verified.delete(token);
      return { refused: 'token_expired' };
    },

    async verify(token) {
      uses.misses++;
      if (!isCanonical(token)) return { refused: 'token_invalid' };
      const verifiedBefore = verified;
      await keys.requireRead();
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = kid === undefined ? undefined : keys.verifying(kid);
            if (key === undefined) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: [signingAlgorithm],
            typ: 'at+jwt',
            issuer: issuer(),
            audience: issuer(),
            requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id', 'scope', credentialClaim],
            currentDate: new Date(clock.now()),
          },
        );
        const check = checkOf(payload);
        // What was forgotten meanwhile may have been signed with the key that was removed.
        if (!('refused' in check) && verified === verifiedBefore) remember(token, check);
        return check;
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { refused: 'token_expired' };
        if (error instanceof errors.JOSEError) return { refused: 'token_invalid' };
        throw error;
      }
    },

    forget() {
      verified = new Map();
    },
  };
}

function checkOf({
  client_id,
  scope,
  exp,
  iat,
  jti,
  [credentialClaim]: credentialId,
}: JWTPayload): TokenCheck {
  if (
    typeof client_id !== 'string' ||
    typeof scope !== 'string' ||
    typeof credentialId !== 'string' ||
    typeof jti !== 'string' ||
    exp === undefined ||
    iat === undefined
  )
    return { refused: 'token_invalid' };
  return {
    clientId: client_id,
    credentialId,
    tokenId: jti,
    permissions: new Set(scope.split(' ').filter(isPermission)),
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
  };
}
