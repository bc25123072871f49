/** Changes of the credentials of an app: several are in force at the same time, so that they are changed without a gap. */

import { credentialsMax, ProblemError, type SecretYears } from '@seatledger/contract';
import type { ChangeContext, Outcome } from '../record/index.ts';
import { appAtWork, eventOf, type Grantable, refuseTwice, refuseUngrantable } from './apps.ts';
import { readCertificate } from './certificates.ts';
import type { Credential, IdentityStore } from './ports.ts';
import { makeSecret } from './secrets.ts';

export interface CredentialRequest {
  readonly clientId: string;
  /** A secret that is good for so many years, or a certificate as PEM or as DER in base64. */
  readonly credential: { readonly secretYears: SecretYears } | { readonly certificate: string };
  readonly grantable: Grantable;
}

export interface AddedCredential {
  readonly credential: Credential;
  /** Told this once: only its hash is kept. Null where none was made. */
  readonly clientSecret: string | null;
}

/**
 * Throws `app_not_found`, `credential_limit_reached`, `body_invalid` for a certificate that cannot be taken, and `grant_exceeds_own`
 * where the app holds more than is grantable: whoever has the credential has all of it.
 */
export async function addCredential(
  { identity }: { identity: IdentityStore },
  { partnerId, instant, newId, recorder }: ChangeContext,
  { clientId, credential: asked, grantable }: CredentialRequest,
): Promise<Outcome<AddedCredential>> {
  const app = await appAtWork(identity, partnerId, clientId);
  refuseUngrantable(app.permissions, grantable);
  if (app.credentials.length >= credentialsMax) throw new ProblemError('credential_limit_reached');
  const now = await instant();
  const credentialId = newId();
  const secret = 'secretYears' in asked ? makeSecret({ credentialId, now, years: asked.secretYears }) : null;
  const credential =
    'certificate' in asked
      ? await readCertificate(asked.certificate, { credentialId, now, field: 'certificate' })
      : secret?.kept;
  if (credential === undefined) throw new Error('a credential is a secret or a certificate');
  refuseTwice(app.credentials, credential, 'certificate');
  const after = { ...app, credentials: [...app.credentials, credential] };
  const changedSequence = await recorder.append(eventOf('app.credential_added', { before: app, after }));
  await identity.insertCredential(app.clientId, credential);
  await identity.updateApp({ ...after, changedSequence });
  return {
    keep: true,
    isShownOnce: secret !== null,
    result: { credential, clientSecret: secret?.text ?? null },
  };
}

/** Throws `app_not_found` and `credential_not_found`. */
export async function removeCredential(
  { identity }: { identity: IdentityStore },
  { partnerId, recorder }: ChangeContext,
  { clientId, credentialId }: { clientId: string; credentialId: string },
): Promise<Outcome<null>> {
  const app = await appAtWork(identity, partnerId, clientId);
  const removed = app.credentials.find((one) => one.credentialId === credentialId.toLowerCase());
  if (removed === undefined) throw new ProblemError('credential_not_found');
  const after = { ...app, credentials: app.credentials.filter((one) => one !== removed) };
  const changedSequence = await recorder.append(eventOf('app.credential_removed', { before: app, after }));
  await identity.deleteCredential(app.clientId, removed.credentialId);
  await identity.updateApp({ ...after, changedSequence });
  return { keep: true, result: null };
}
