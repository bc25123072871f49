import { type NewCredential, type SecretYears, secretYears } from '@seatledger/contract';
import { type Command, Option } from 'commander';
import { readCertificateFile } from '../../../certificateFile.ts';
import type { CommandContext } from '../../../commandContext.ts';
import { localFailure } from '../../../failure.ts';
import { writeJson } from '../../../output/json.ts';
import { addCommand } from '../../addCommand.ts';
import { numberChoice } from '../../numberChoice.ts';
import { appOperand } from '../../operands.ts';
import { addWriteFactsOptions } from '../../writeOptions.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from '../appPlace.ts';
import { writeNewCredentials } from './credential.ts';

interface CredentialAddOptions extends AppPlaceOptions {
  readonly secretYears?: SecretYears;
  readonly certificate?: string;
}

/** Adds `app credential add`, which prints the secret that it makes, this once. */
export function addCredentialAddCommand(credential: Command, context: CommandContext): void {
  const command = addCommand(credential, 'add', {
    description:
      'add a secret or a certificate to an app; those that it has stay good. A secret is printed, once',
    examples: [
      'seatledger app credential add 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11 --secret-years 1',
      'seatledger app credential add 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11 --certificate portal.pem',
    ],
  })
    .addArgument(appOperand())
    .addOption(
      numberChoice('--secret-years <years>', 'make a secret that is good for so many years', secretYears),
    )
    .addOption(
      new Option(
        '--certificate <file>',
        'a certificate, PEM or DER, that the app proves itself with; never its key',
      ).conflicts('secretYears'),
    );
  addAppPlaceOptions(addWriteFactsOptions(command)).action(
    async (clientId: string, options: CredentialAddOptions) => {
      const asked = await newCredentialOf(options);
      const apps = await appRegistrations(options, context);
      const added = await apps.addCredential(clientId, asked);
      if (options.json) {
        await writeJson(context, added);
        return;
      }
      const { credential: one, clientSecret } = added;
      await writeNewCredentials(context, ['credential', one.id], { credentials: [one], clientSecret });
    },
  );
}

async function newCredentialOf({
  secretYears: years,
  certificate,
}: CredentialAddOptions): Promise<NewCredential> {
  if (certificate !== undefined) return { certificate: await readCertificateFile(certificate) };
  if (years !== undefined) return { secretYears: years };
  throw localFailure('usage_wrong', 'Neither --secret-years nor --certificate is given.');
}
