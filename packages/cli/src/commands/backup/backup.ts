/** What the commands say of a backup. */

import type { BackupHead } from '@seatledger/contract';
import type { CommandContext } from '../../commandContext.ts';
import { type Column, table } from '../../output/table.ts';

interface Backup {
  readonly scope: 'partner' | 'store';
  readonly createdAt: string;
  readonly heads: readonly BackupHead[];
}

const columns: readonly Column<BackupHead>[] = [
  { title: 'PARTNER', value: ({ partner }) => partner },
  { title: 'EVENT', value: ({ sequence }) => sequence, align: 'right' },
  { title: 'HEAD', value: ({ hash }) => hash },
];

/** Of what and when it is, and the end of each partner's record, by which `verify --head` knows it again. */
export function backupText(done: string, { stdout }: CommandContext): (backup: Backup) => string {
  return ({ scope, createdAt, heads }) => {
    const what = scope === 'store' ? 'the whole store' : 'one partner';
    return `${done} ${what}, as of ${createdAt}.\n${heads.length === 0 ? '' : `\n${table(heads, columns, stdout)}`}`;
  };
}
