import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJsonArray } from '../../output/json.ts';
import { type Column, table } from '../../output/table.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { addStoreOptions, type StoreOptions } from '../storeOptions.ts';

const columns: readonly Column<{ name: string; createdAt: string }>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
];

/** Adds `partner list`. */
export function addPartnerListCommand(partner: Command, context: CommandContext): void {
  const command = addCommand(partner, 'list', {
    description: 'list the partners in a database, or in the data folder of a stopped server',
    examples: ['seatledger partner list', 'seatledger partner list --data ./data --json'],
  });
  addStoreOptions(command).action(async ({ json = false, ...name }: StoreOptions & { json?: boolean }) => {
    const { withOperatorStore } = await import('../../operator/operatorStore.ts');
    const partners = await withOperatorStore({ name, mustExist: true }, (store) => store.listPartners());
    if (json) await writeJsonArray(context, [partners]);
    else if (partners.length === 0) await write(context.stderr, 'There is no partner yet.\n');
    else await write(context.stdout, table(partners, columns, context.stdout));
  });
}
