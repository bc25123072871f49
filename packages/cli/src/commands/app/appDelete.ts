import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJson } from '../../output/json.ts';
import { printable } from '../../output/printable.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { appOperand } from '../operands.ts';
import { addWriteFactsOptions } from '../writeOptions.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from './appPlace.ts';

/** Adds `app delete`. */
export function addAppDeleteCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'delete', {
    description: 'delete an app registration; its tokens are refused from then on',
    examples: ['seatledger app delete 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11'],
  }).addArgument(appOperand());
  addAppPlaceOptions(addWriteFactsOptions(command)).action(
    async (clientId: string, options: AppPlaceOptions) => {
      const apps = await appRegistrations(options, context);
      await apps.delete(clientId);
      if (options.json) await writeJson(context, { clientId });
      else await write(context.stderr, `The app ${printable(clientId)} is deleted.\n`);
    },
  );
}
