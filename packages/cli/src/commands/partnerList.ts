import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { writeJsonArray } from '../output/json.ts';
import { type Column, table } from '../output/table.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';
import { addDataOption } from './dataOption.ts';

const columns: readonly Column<{ name: string; createdAt: string }>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
];

/** Adds `partner list`. */
export function addPartnerListCommand(partner: Command, context: CommandContext): void {
  const command = addCommand(partner, 'list', {
    description: 'list the partners in the data folder of a stopped server',
    examples: ['seatledger partner list', 'seatledger partner list --data ./data --json'],
  });
  addDataOption(command).action(async ({ data, json = false }: { data?: string; json?: boolean }) => {
    const { withDataFolder } = await import('../operator/dataFolder.ts');
    const partners = await withDataFolder({ path: data, mustExist: true }, (folder) => folder.listPartners());
    if (json) await writeJsonArray(context, [partners]);
    else if (partners.length === 0) await write(context.stderr, 'There is no partner yet.\n');
    else await write(context.stdout, table(partners, columns, context.stdout));
  });
}
