/** An app registration, as it is shown. */

import type { AppRegistration } from '@seatledger/contract';
import type { CommandContext } from '../../commandContext.ts';
import { factsText } from '../../output/facts.ts';
import { type Column, table } from '../../output/table.ts';
import { credentialColumns, dayOf } from './credential/credential.ts';

export const appColumns: readonly Column<AppRegistration>[] = [
  { title: 'APPLICATION ID', value: ({ clientId }) => clientId },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'CUSTOMERS', value: scopeSize },
  { title: 'REVISION', value: ({ revision }) => revision },
  { title: 'FIRST EXPIRY', value: ({ credentials }) => firstExpiry(credentials) },
  { title: 'LAST USED', value: ({ lastUsedAt }) => dayOf(lastUsedAt ?? '') },
  { title: 'DISABLED', value: ({ disabled }) => (disabled ? 'yes' : '') },
  { title: 'PERMISSIONS', value: ({ permissions }) => permissions.join(' ') },
];

export function appText({ stdout }: CommandContext): (app: AppRegistration) => string {
  return ({ credentials, ...app }) =>
    factsText([
      ['application id', app.clientId],
      ['name', app.name],
      ['permissions', app.permissions.join(' ')],
      ...scopeFacts(app),
      ['revision', app.revision],
      ['disabled', app.disabled ? 'yes' : 'no'],
      ['created', app.createdAt],
      ['last used', lastUse(app)],
      ['version', app.changedSequence],
    ]) + (credentials.length === 0 ? '' : `\n${table(credentials, credentialColumns, stdout)}`);
}

type Scope = Pick<AppRegistration, 'customers' | 'groups'>;

function scopeSize({ customers, groups }: Scope): string | number {
  if (customers !== null) return customers === 'all' ? 'all' : customers.length;
  const count = groups?.length ?? 0;
  return count === 1 ? '1 group' : `${count} groups`;
}

function scopeFacts({ customers, groups }: Scope): readonly (readonly [string, string])[] {
  if (customers === null) return [['customer groups', groups?.join(' ') ?? '']];
  return [['customers', customers === 'all' ? 'all' : customers.join(' ')]];
}

function lastUse({ lastUsedAt, lastUsedFrom }: Pick<AppRegistration, 'lastUsedAt' | 'lastUsedFrom'>): string {
  if (lastUsedAt === null) return 'not yet';
  return lastUsedFrom === null ? lastUsedAt : `${lastUsedAt} from ${lastUsedFrom}`;
}

function firstExpiry(credentials: AppRegistration['credentials']): string {
  const [first = ''] = credentials.map(({ expiresAt }) => expiresAt).toSorted();
  return dayOf(first);
}
