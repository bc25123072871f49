import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { appOperand } from '../operands.ts';
import { appText } from './app.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from './appPlace.ts';

/** Adds `app show`. */
export function addAppShowCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'show', {
    description: 'show an app registration with its secrets and certificates, and when each was last used',
    examples: ['seatledger app show 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11'],
  }).addArgument(appOperand());
  addAppPlaceOptions(command).action(async (clientId: string, options: AppPlaceOptions) => {
    const apps = await appRegistrations(options, context);
    await writeAnswer(context, options, await apps.show(clientId), appText(context));
  });
}
