import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJson } from '../../output/json.ts';
import { printable } from '../../output/printable.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { addStoreOptions, type StoreOptions } from '../storeOptions.ts';

/** Adds `partner create`. */
export function addPartnerCreateCommand(partner: Command, context: CommandContext): void {
  const command = addCommand(partner, 'create', {
    description: 'create a partner in a database, or in the data folder of a stopped server',
    examples: ['seatledger partner create northwind --data ./data'],
  }).argument('<name>', 'the name of the partner');
  addStoreOptions(command).action(
    async (partnerName: string, { json = false, ...name }: StoreOptions & { json?: boolean }) => {
      const { withOperatorStore } = await import('../../operator/operatorStore.ts');
      const created = await withOperatorStore({ name, mustExist: false }, (store) =>
        store.createPartner(partnerName),
      );
      if (json) await writeJson(context, created);
      else await write(context.stderr, `The partner ${printable(created.name)} is created.\n`);
    },
  );
}
