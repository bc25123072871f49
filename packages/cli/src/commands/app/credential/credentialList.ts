import type { Command } from 'commander';
import type { CommandContext } from '../../../commandContext.ts';
import { writeJsonArray } from '../../../output/json.ts';
import { table } from '../../../output/table.ts';
import { write } from '../../../output/write.ts';
import { addCommand } from '../../addCommand.ts';
import { appOperand } from '../../operands.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from '../appPlace.ts';
import { credentialColumns } from './credential.ts';

/** Adds `app credential list`. */
export function addCredentialListCommand(credential: Command, context: CommandContext): void {
  const command = addCommand(credential, 'list', {
    description:
      'list the secrets and certificates of an app, the expired ones too, and when each was last used',
    examples: ['seatledger app credential list 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11'],
  }).addArgument(appOperand());
  addAppPlaceOptions(command).action(async (clientId: string, options: AppPlaceOptions) => {
    const { credentials } = await (await appRegistrations(options, context)).show(clientId);
    if (options.json) await writeJsonArray(context, [credentials]);
    else if (credentials.length === 0) await write(context.stderr, 'The app has no credential.\n');
    else await write(context.stdout, table(credentials, credentialColumns, context.stdout));
  });
}
