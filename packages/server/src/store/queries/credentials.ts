/** The queries of credentials: those of apps, and what their use and the use of tokens leave behind. */

import type { Credential, IdentityReads, IdentityStore } from '../../identity/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';

type CredentialRow = Schema['app_credentials'];
interface CredentialKey {
  clientId: string;
  credentialId: string;
}

const credentialsOfApp = statement<{ clientId: string }, CredentialRow>((db, { clientId }) =>
  db
    .selectFrom('app_credentials')
    .selectAll()
    .where('client_id', '=', clientId)
    .orderBy('created_at')
    .orderBy('kind', 'desc')
    .orderBy('credential_id'),
);

const insertCredential = statement<CredentialRow, unknown>((db, row) =>
  db.insertInto('app_credentials').values({
    client_id: row.client_id,
    credential_id: row.credential_id,
    kind: row.kind,
    hash: row.hash,
    last_four: row.last_four,
    certificate: row.certificate,
    created_at: row.created_at,
    expires_at: row.expires_at,
    last_used_at: row.last_used_at,
    last_used_from: row.last_used_from,
  }),
);

const deleteCredential = statement<CredentialKey, unknown>((db, { clientId, credentialId }) =>
  db
    .deleteFrom('app_credentials')
    .where('client_id', '=', clientId)
    .where('credential_id', '=', credentialId),
);

const deleteCredentials = statement<{ clientId: string }, unknown>((db, { clientId }) =>
  db.deleteFrom('app_credentials').where('client_id', '=', clientId),
);

const updateUse = statement<CredentialKey & { at: number; from: string; before: number }, unknown>(
  (db, { clientId, credentialId, at, from, before }) =>
    db
      .updateTable('app_credentials')
      .set({ last_used_at: at, last_used_from: from })
      .where('client_id', '=', clientId)
      .where('credential_id', '=', credentialId)
      .where((the) => the.or([the('last_used_at', 'is', null), the('last_used_at', '<=', before)])),
);

const insertRevokedToken = statement<{ tokenId: string; expiresAt: number }, unknown>(
  (db, { tokenId, expiresAt }) =>
    db
      .insertInto('revoked_tokens')
      .values({ token_id: tokenId, expires_at: expiresAt })
      .onConflict((conflict) => conflict.doNothing()),
);

const revokedToken = statement<{ tokenId: string }, { token_id: string }>((db, { tokenId }) =>
  db.selectFrom('revoked_tokens').select('token_id').where('token_id', '=', tokenId),
);

const deleteRevokedTokens = statement<{ by: number }, unknown>((db, { by }) =>
  db.deleteFrom('revoked_tokens').where('expires_at', '<=', by),
);

const insertAssertion = statement<
  { clientId: string; assertionHash: string; expiresAt: number },
  { client_id: string }
>((db, { clientId, assertionHash, expiresAt }) =>
  db
    .insertInto('used_assertions')
    .values({ client_id: clientId, assertion_hash: assertionHash, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('client_id'),
);

const deleteAssertions = statement<{ by: number }, unknown>((db, { by }) =>
  db.deleteFrom('used_assertions').where('expires_at', '<=', by),
);

type CredentialStore = Pick<
  IdentityStore,
  'deleteCredential' | 'forgetExpired' | 'insertCredential' | 'noteUse' | 'revokeToken' | 'useAssertion'
> & { deleteCredentials(clientId: string): Promise<void> };

export function credentialStore(connection: Connection): CredentialStore {
  return {
    insertCredential: (clientId, credential) =>
      connection.run(insertCredential, credentialToRow(clientId, credential)),
    deleteCredential: (clientId, credentialId) =>
      connection.run(deleteCredential, { clientId, credentialId }),
    deleteCredentials: (clientId) => connection.run(deleteCredentials, { clientId }),
    noteUse: (clientId, credentialId, { use, before }) =>
      connection.run(updateUse, { clientId, credentialId, ...use, before }),
    revokeToken: (tokenId, expiresAt) => connection.run(insertRevokedToken, { tokenId, expiresAt }),
    useAssertion: async (clientId, assertionHash, expiresAt) =>
      (await connection.first(insertAssertion, { clientId, assertionHash, expiresAt })) !== undefined,
    async forgetExpired(by) {
      await connection.run(deleteRevokedTokens, { by });
      await connection.run(deleteAssertions, { by });
    },
  };
}

export function credentialReads(connection: Connection): Pick<IdentityReads, 'isTokenRevoked'> {
  return {
    isTokenRevoked: async (tokenId) => (await connection.first(revokedToken, { tokenId })) !== undefined,
  };
}

/** In the order in which they were added; of one instant, secrets before certificates and by their ids. */
export async function credentialsOf(connection: Connection, clientId: string): Promise<Credential[]> {
  return (await connection.all(credentialsOfApp, { clientId })).map(credentialFromRow);
}

function credentialToRow(clientId: string, credential: Credential): CredentialRow {
  const { credentialId, kind, createdAt, expiresAt, lastUse } = credential;
  return {
    client_id: clientId,
    credential_id: credentialId,
    kind,
    hash: kind === 'secret' ? credential.hash : null,
    last_four: kind === 'secret' ? credential.lastFour : null,
    certificate: kind === 'certificate' ? credential.certificate : null,
    created_at: createdAt,
    expires_at: expiresAt,
    last_used_at: lastUse?.at ?? null,
    last_used_from: lastUse?.from ?? null,
  };
}

function credentialFromRow(row: CredentialRow): Credential {
  const { hash, last_four: lastFour, certificate, last_used_at: at, last_used_from: from } = row;
  const facts = {
    credentialId: row.credential_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUse: at === null || from === null ? null : { at, from },
  };
  if (certificate !== null) return { kind: 'certificate', certificate, ...facts };
  if (hash === null || lastFour === null) throw new Error('a credential is a secret or a certificate');
  return { kind: 'secret', hash, lastFour, ...facts };
}
