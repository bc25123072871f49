/** A secret or a certificate of an app, as it is shown. */

import type { AppCredential } from '@seatledger/contract';
import type { CommandContext } from '../../../commandContext.ts';
import { type Fact, factsText } from '../../../output/facts.ts';
import type { Column } from '../../../output/table.ts';
import { write } from '../../../output/write.ts';

export const credentialColumns: readonly Column<AppCredential>[] = [
  { title: 'CREDENTIAL', value: ({ id }) => id },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'LAST FOUR OR THUMBPRINT', value: markOf },
  { title: 'STARTS', value: startOf },
  { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt },
  { title: 'LAST USED', value: ({ lastUsedAt }) => lastUsedAt ?? '' },
  { title: 'FROM', value: ({ lastUsedFrom }) => lastUsedFrom ?? '' },
];

/** Tells of credentials that were just made, the secret first: on stdout what their holder needs, on stderr what to know. */
export async function writeNewCredentials(
  { stdout, stderr }: CommandContext,
  of: Fact,
  { credentials, clientSecret }: { credentials: readonly AppCredential[]; clientSecret: string | null },
): Promise<void> {
  const secret = credentials.find(({ kind }) => kind === 'secret');
  const certificates = credentials.filter((credential) => credential.kind === 'certificate');
  const facts: Fact[] = certificates.map(({ thumbprint }) => ['certificate', thumbprint]);
  if (clientSecret !== null) facts.unshift(['secret', clientSecret]);
  await write(stdout, factsText([of, ...facts]));
  if (secret !== undefined) {
    const end = dayOf(secret.expiresAt);
    await write(stderr, `Keep the secret now, it is not shown again. It is good until ${end}.\n`);
  }
  for (const { thumbprint, expiresAt } of certificates)
    await write(stderr, `The certificate ${thumbprint} is good until ${dayOf(expiresAt)}.\n`);
}

/** The day of an instant, which tables have room for. */
export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

function markOf(credential: AppCredential): string {
  return credential.kind === 'secret' ? credential.lastFour : credential.thumbprint;
}

function startOf(credential: AppCredential): string {
  return credential.kind === 'secret' ? credential.createdAt : credential.startsAt;
}
