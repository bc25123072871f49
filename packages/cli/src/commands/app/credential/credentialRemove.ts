import type { Command } from 'commander';
import type { CommandContext } from '../../../commandContext.ts';
import { writeJson } from '../../../output/json.ts';
import { printable } from '../../../output/printable.ts';
import { write } from '../../../output/write.ts';
import { addCommand } from '../../addCommand.ts';
import { appOperand } from '../../operands.ts';
import { addWriteFactsOptions } from '../../writeOptions.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from '../appPlace.ts';

/** Adds `app credential remove`. */
export function addCredentialRemoveCommand(credential: Command, context: CommandContext): void {
  const command = addCommand(credential, 'remove', {
    description:
      'remove a secret or a certificate from an app; tokens that it got are refused within a second',
    examples: [
      'seatledger app credential remove 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11 1f0a52f8-52fd-4a0a-8a2b-4ad0a4c3a3f0',
    ],
  })
    .addArgument(appOperand())
    .argument('<credential>', 'the id of the credential');
  addAppPlaceOptions(addWriteFactsOptions(command)).action(
    async (clientId: string, credentialId: string, options: AppPlaceOptions) => {
      const apps = await appRegistrations(options, context);
      await apps.removeCredential(clientId, credentialId);
      if (options.json) await writeJson(context, { clientId, credentialId });
      else {
        const [id, app] = [printable(credentialId), printable(clientId)];
        await write(context.stderr, `The credential ${id} of the app ${app} is removed.\n`);
      }
    },
  );
}
