/**
 * The OAuth scopes that an app registration can hold. None implies another.
 *
 * Source: the permission tables of the AvePoint Graph API pages (state of 2026-07-01) for `elements.*` and, older, `partner.*`;
 * `seatledger.*` are ours and guard the management API. Registrations may hold permissions whose operations this server does not serve: real clients ask for them in
 * one bundle with those that it does.
 */

export const permissions = [
  'elements.customers.read.all',
  'elements.customers.readwrite.all',
  'elements.license.read.all',
  'elements.license.readwrite.all',
  'elements.scanprofiles.read.all',
  'elements.jobs.read.all',
  'elements.cbprotected.read.all',
  'elements.bm.baseline.read.all',
  'elements.bm.baseline.readwrite.all',
  'elements.bm.tenant.read.all',
  'elements.bm.tenant.readwrite.all',
  'elements.rm.read.all',
  'elements.um.user.read.all',
  'elements.um.user.readwrite.all',
  'elements.wm.read.all',
  'elements.report.read.all',
  'elements.t2.license.read.all',
  'elements.t2.license.readwrite.all',
  'elements.t2.resellers.read.all',
  'partner.customers.read.all',
  'partner.license.read.all',
  'partner.jobs.read.all',
  'partner.scanprofiles.read.all',
  'partner.cbprotected.read.all',
  'seatledger.read',
  'seatledger.write',
  'seatledger.admin',
] as const;

export type Permission = (typeof permissions)[number];

/** Names compare exactly: OAuth scopes are case-sensitive (RFC 6749 section 3.3). */
export function isPermission(text: string): text is Permission {
  return (permissions as readonly string[]).includes(text);
}
