import type { CommandContext } from '../commandContext.ts';
import { type Column, table } from '../output/table.ts';

/** What went from a store to a file, or the other way. */
interface MovedStore {
  readonly rows: number;
  readonly heads: readonly MovedHead[];
}

interface MovedHead {
  readonly partner: string;
  readonly sequence: number;
  readonly hash: string;
}

const columns: readonly Column<MovedHead>[] = [
  { title: 'PARTNER', value: ({ partner }) => partner },
  { title: 'EVENT', value: ({ sequence }) => sequence, align: 'right' },
  { title: 'HEAD', value: ({ hash }) => hash },
];

/** The rows, and the end of each partner's record, by which verify knows it again. */
export function movedStoreText(done: string, { stdout }: CommandContext): (moved: MovedStore) => string {
  return ({ rows, heads }) =>
    `${done} ${rows} rows.\n${heads.length === 0 ? '' : `\n${table(heads, columns, stdout)}`}`;
}
