/** The dated forms of the partner contract. They differ in the name and the meaning of one response member alone. */

export const revisions = ['2025-09-26', '2025-10-11'] as const;

/**
 * A contract revision, named by the date of its page.
 *
 * `2025-09-26`: the seats that can still be assigned, as `availableUserSeat`. `2025-10-11`: the seats purchased, as `purchasedUserSeat`,
 * which is what production answered on 2025-12-12.
 */
export type Revision = (typeof revisions)[number];

/** What an app registration speaks that does not pin another. */
export const defaultRevision: Revision = '2025-09-26';

/** The request header by which one request asks for another revision than its app's. */
export const revisionHeader = 'api-version';

export function isRevision(text: string): text is Revision {
  return (revisions as readonly string[]).includes(text);
}
