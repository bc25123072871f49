/** Puts the parts of identity together: the keys, what is remembered of rights, and what its use writes to the store. */

import { operations } from '@seatledger/contract';
import { type MakeChange, noPartner } from './changes.ts';
import {
  type Authenticate,
  type AuthenticateClient,
  createAssertionCheck,
  createAuthentication,
  createClientAuthentication,
  createTokenAnswers,
  createTokenGrant,
  createTokens,
  type GrantToken,
  keyRefreshMs,
  type KeyRing,
  type MemoryUses,
  noteUses,
  openKeyRing,
  type RightsReader,
  type TokenAnswers,
} from './identity/index.ts';
import type { OpenLedger } from './openLedger.ts';

export interface Identity {
  readonly keys: KeyRing;
  readonly authenticate: Authenticate;
  readonly authenticateClient: AuthenticateClient;
  readonly grantToken: GrantToken;
  readonly answers: TokenAnswers;
  /** How the memory of verified tokens is used. */
  readonly tokenUses: MemoryUses;
  /** Does not look for new keys any more. */
  close(): void;
}

/** `publicUrl` is the issuer and the audience of tokens. Keys that others make are looked for once a second. */
export async function openIdentity(
  { keys: store, reads }: Pick<OpenLedger, 'keys' | 'reads'>,
  {
    make,
    rights,
    clock,
    monotonicMs,
    publicUrl,
    newId,
    onError,
  }: {
    make: MakeChange;
    rights: RightsReader;
    clock: { now(): number };
    monotonicMs: () => number;
    publicUrl: () => string;
    newId: () => string;
    /** Told when keys could not be read; it is tried again. */
    onError: (error: unknown) => void;
  },
): Promise<Identity> {
  const keys = await openKeyRing(store, { clock, monotonicMs, onRemoval: () => tokens.forget() });
  const tokens = createTokens({ keys, clock, issuer: publicUrl, newId });
  const timer = setInterval(() => void keys.refresh().catch(onError), keyRefreshMs).unref();

  const order = () => ({ partnerId: noPartner, actor: 'server', reason: null, now: clock.now() });
  const noteUse = noteUses((used, from) => {
    const input = { ...used, use: { at: clock.now(), from } };
    return make({ ...order(), kind: 'credential.use', input });
  }, monotonicMs);
  return {
    keys,
    tokenUses: tokens.uses,
    authenticate: createAuthentication({ tokens, rights, noteUse }),
    authenticateClient: createClientAuthentication({
      reads: reads.identity,
      checkAssertion: createAssertionCheck({
        clock,
        audiences: () => [publicUrl(), `${publicUrl()}${operations.issueToken.path}`],
      }),
      useAssertion: (assertion) =>
        make({ ...order(), kind: 'assertion.use', input: { ...assertion, now: clock.now() } }),
      noteUse,
      clock,
    }),
    grantToken: createTokenGrant(tokens),
    answers: createTokenAnswers({
      tokens,
      rights,
      async revoke(token) {
        await make({ ...order(), kind: 'token.revoke', input: { ...token, now: clock.now() } });
        rights.tokens.forget(token.tokenId);
      },
    }),
    close: () => clearInterval(timer),
  };
}
