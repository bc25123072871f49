import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJson } from '../../output/json.ts';
import { printable } from '../../output/printable.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { appOperand } from '../operands.ts';
import { addAppChangeOptions, type AppPlaceOptions, appRegistrations } from './appPlace.ts';

/** Adds `app enable`. */
export function addAppEnableCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'enable', {
    description: 'enable an app that was disabled; tokens from before that have not expired are good again',
    examples: ['seatledger app enable 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11'],
  }).addArgument(appOperand());
  addAppChangeOptions(command).action(async (clientId: string, options: AppPlaceOptions) => {
    const apps = await appRegistrations(options, context);
    const enabled = await apps.change(clientId, { disabled: false });
    if (options.json) await writeJson(context, enabled);
    else await write(context.stderr, `The app ${printable(clientId)} is enabled.\n`);
  });
}
