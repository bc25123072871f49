import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { localFailure } from '../failure.ts';
import { writeJsonArray } from '../output/json.ts';
import { type Column, table } from '../output/table.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';
import { addStoreOptions, type StoreOptions } from './storeOptions.ts';

interface VerifyOptions extends StoreOptions {
  readonly head?: string;
  readonly json?: boolean;
}

interface Verified {
  readonly partner: string;
  readonly head: { readonly sequence: number; readonly hash: string } | undefined;
  readonly broken: string | undefined;
  readonly hasHead: boolean;
}

const columns: readonly Column<Verified>[] = [
  { title: 'PARTNER', value: ({ partner }) => partner },
  { title: 'EVENT', value: ({ head }) => head?.sequence ?? '', align: 'right' },
  { title: 'HEAD', value: ({ head }) => head?.hash ?? '' },
  { title: 'RECORD', value: ({ broken }) => broken ?? 'holds' },
];

/** Adds `verify`. */
export function addVerifyCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'verify', {
    summary: 'prove that a store is what its record says',
    description:
      "prove that a store is what its record says: every link of each partner's chain, and every row by replaying the events; also while servers run on it",
    examples: [
      'seatledger verify --data ./data',
      'seatledger verify --head 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
    ],
  }).option(
    '--head <hash>',
    'prove too that nothing was rewritten since events head, or export, gave this hash',
    hashArgument,
  );
  addStoreOptions(command).action(async ({ head, json = false, ...store }: VerifyOptions) => {
    const { verifyStore } = await import('../operator/wholeStore.ts');
    const partners: Verified[] = [];
    await verifyStore(store, { head }, (found) => partners.push(found));
    if (json) await writeJsonArray(context, [partners.map((found) => jsonOf(found, head))]);
    else if (partners.length === 0) await write(context.stderr, 'There is no partner yet.\n');
    else await write(context.stdout, table(partners, columns, context.stdout));
    requireWhole(partners, head);
  });
}

function hashArgument(text: string): string {
  if (/^[\da-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('Use the 64 hexadecimal digits of a head.');
}

function jsonOf({ partner, head, broken, hasHead }: Verified, asked: string | undefined): object {
  return {
    partner,
    holds: broken === undefined,
    broken: broken ?? null,
    head: head === undefined ? null : { sequence: head.sequence, hash: head.hash },
    ...(asked === undefined ? {} : { hasHead }),
  };
}

function requireWhole(partners: readonly Verified[], head: string | undefined): void {
  const broken = partners.filter((found) => found.broken !== undefined);
  const [first] = broken;
  if (first !== undefined) {
    const others = broken.length === 1 ? '' : `, and so it is with ${broken.length - 1} more partners`;
    throw localFailure(
      'record_broken',
      `The store is not what its record says. Partner ${first.partner}: ${first.broken ?? ''}${others}.`,
    );
  }
  if (head !== undefined && !partners.some(({ hasHead }) => hasHead))
    throw localFailure('head_not_found', 'No record has the head that was asked for.');
}
