/** How a client proves at the OAuth endpoints who it is: with a secret of its app, or with an assertion. */

import { createHash } from 'node:crypto';
import { type CheckAssertion, readAssertion } from './assertions.ts';
import type { CredentialUse, NoteUse } from './credentialUse.ts';
import type { Client, ClientCertificate, ClientSecret, IdentityReads } from './ports.ts';
import { secretInForce } from './secrets.ts';

/** Texts as they were sent, within the bounds of what a credential can be. */
export type ClientProof =
  | { readonly clientId: string; readonly secret: string }
  | { readonly clientId: string | undefined; readonly assertion: string };

export interface AuthenticatedClient {
  readonly client: Client;
  readonly credentialId: string;
}

/** Whom a proof says it is of, in lower case; nothing of it is verified. */
export function claimedClientId(proof: ClientProof): string {
  const claimed = 'secret' in proof ? proof.clientId : readAssertion(proof.assertion)?.clientId;
  return (claimed ?? proof.clientId ?? '').toLowerCase();
}

/** `useAssertion` answers whether the assertion was not used before, over all processes, and takes it for used. */
export function createClientAuthentication({
  reads,
  checkAssertion,
  useAssertion,
  noteUse,
  clock,
}: {
  reads: Pick<IdentityReads, 'client'>;
  checkAssertion: CheckAssertion;
  useAssertion: (assertion: {
    clientId: string;
    assertionHash: string;
    expiresAt: number;
  }) => Promise<boolean>;
  noteUse: NoteUse;
  clock: { now(): number };
}) {
  async function credentialOf(proof: ClientProof, client: Client | undefined): Promise<string | undefined> {
    const credentials = client?.credentials ?? [];
    if ('secret' in proof) {
      const secrets = credentials.filter((one): one is ClientSecret => one.kind === 'secret');
      return secretInForce(proof.secret, secrets, clock.now())?.credentialId;
    }
    const read = readAssertion(proof.assertion);
    if (read === undefined || (proof.clientId ?? read.clientId).toLowerCase() !== read.clientId)
      return undefined;
    const certificates = credentials.filter((one): one is ClientCertificate => one.kind === 'certificate');
    const verified = await checkAssertion(read, certificates);
    if (verified === undefined || client === undefined) return undefined;
    const { credentialId, assertionId, expiresAt } = verified;
    // Last: an assertion is not used up by what did not prove anything.
    const assertionHash = createHash('sha256').update(assertionId).digest('hex');
    const isFirst = await useAssertion({ clientId: client.clientId, assertionHash, expiresAt });
    return isFirst ? credentialId : undefined;
  }

  /**
   * The client, where the proof holds; undefined where it does not, whatever the reason.
   *
   * An unknown client is looked at as a known one is, by the same steps: the time must not tell.
   */
  return async function authenticateClient(
    proof: ClientProof,
    from: string,
  ): Promise<AuthenticatedClient | undefined> {
    const client = await reads.client(claimedClientId(proof));
    const credentialId = await credentialOf(proof, client);
    if (client === undefined || client.disabled || credentialId === undefined) return undefined;
    const used: CredentialUse = { clientId: client.clientId, credentialId };
    noteUse(used, from);
    return { client, credentialId };
  };
}

export type AuthenticateClient = ReturnType<typeof createClientAuthentication>;
