/** When a credential was last used, and from where: noted now and then, so that nobody waits for it. */

import { isIP } from 'node:net';

/** How long after a note the same credential is not noted again, in milliseconds. */
export const noteEveryMs = 60_000;
/** How many credentials it is known of when they were noted. */
const notedMax = 10_000;

export interface CredentialUse {
  readonly clientId: string;
  readonly credentialId: string;
}

export type NoteUse = (use: CredentialUse, from: string) => void;

/** `keep` writes the note down; it may fail, since a note that is missing harms nobody. */
export function noteUses(
  keep: (use: CredentialUse, from: string) => Promise<unknown>,
  monotonicMs: () => number,
): NoteUse {
  const notedAt = new Map<string, number>();
  return ({ clientId, credentialId }, from) => {
    const now = monotonicMs();
    const last = notedAt.get(credentialId);
    if (last !== undefined && now - last < noteEveryMs) return;
    notedAt.delete(credentialId);
    const oldest = notedAt.size >= notedMax ? notedAt.keys().next() : undefined;
    if (oldest?.done === false) notedAt.delete(oldest.value);
    notedAt.set(credentialId, now);
    // What a proxy says need not be an address, and of a sender that is gone there is none.
    keep({ clientId, credentialId }, isIP(from) === 0 ? '' : from).catch(() => undefined);
  };
}
