import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJson } from '../../output/json.ts';
import { printable } from '../../output/printable.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { appOperand } from '../operands.ts';
import { addAppChangeOptions, type AppPlaceOptions, appRegistrations } from './appPlace.ts';

/** Adds `app disable`. */
export function addAppDisableCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'disable', {
    description:
      'disable an app: it gets no token, and its tokens are refused within a second; it stays registered',
    examples: ["seatledger app disable 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11 --reason 'laptop lost'"],
  }).addArgument(appOperand());
  addAppChangeOptions(command).action(async (clientId: string, options: AppPlaceOptions) => {
    const apps = await appRegistrations(options, context);
    const disabled = await apps.change(clientId, { disabled: true });
    if (options.json) await writeJson(context, disabled);
    else await write(context.stderr, `The app ${printable(clientId)} is disabled.\n`);
  });
}
