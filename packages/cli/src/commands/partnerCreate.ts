import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { writeJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';
import { addDataOption } from './dataOption.ts';

/** Adds `partner create`. */
export function addPartnerCreateCommand(partner: Command, context: CommandContext): void {
  const command = addCommand(partner, 'create', {
    description: 'create a partner in the data folder of a stopped server',
    examples: ['seatledger partner create northwind --data ./data'],
  }).argument('<name>', 'the name of the partner');
  addDataOption(command).action(
    async (name: string, { data, json = false }: { data?: string; json?: boolean }) => {
      const { withDataFolder } = await import('../operator/dataFolder.ts');
      const created = await withDataFolder({ path: data, mustExist: false }, (folder) =>
        folder.createPartner(name),
      );
      if (json) await writeJson(context, created);
      else await write(context.stderr, `The partner ${printable(created.name)} is created.\n`);
    },
  );
}
