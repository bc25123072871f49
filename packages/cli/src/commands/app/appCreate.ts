import { type Permission, type SecretYears, secretYears } from '@seatledger/contract';
import type { Command } from 'commander';
import { readCertificateFiles } from '../../certificateFile.ts';
import type { CommandContext } from '../../commandContext.ts';
import { writeJson } from '../../output/json.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { numberChoice } from '../numberChoice.ts';
import { addWriteFactsOptions } from '../writeOptions.ts';
import { addScopeOptions, type AppFactsOptions, appFactsOf, permissionOption } from './appOptions.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from './appPlace.ts';
import { writeNewCredentials } from './credential/credential.ts';

interface AppCreateOptions extends AppPlaceOptions, AppFactsOptions {
  readonly name: string;
  readonly permission: readonly Permission[];
  readonly secretYears?: SecretYears;
  readonly certificate?: readonly string[];
}

/** Adds `app create`, which prints the secret that it makes, this once. */
export function addAppCreateCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'create', {
    description: 'register an app and print its application id and, once, the secret that is made for it',
    examples: [
      'seatledger app create --name billing --permission elements.license.read.all seatledger.read --data ./data',
      'seatledger app create --name import --permission seatledger.write --customer contoso fabrikam',
      'seatledger app create --name portal --permission seatledger.read --group 21 --certificate portal.pem',
    ],
  })
    .requiredOption('--name <name>', 'what people call the app')
    .addOption(permissionOption().makeOptionMandatory());
  addScopeOptions(command, { otherwise: '; default: all' })
    .addOption(
      numberChoice(
        '--secret-years <years>',
        'for how many years the secret is good; default: 1, and no secret where a certificate is given',
        secretYears,
      ),
    )
    .option(
      '--certificate <file...>',
      'certificates, PEM or DER, that the app proves itself with; never their keys',
    );
  addAppPlaceOptions(addWriteFactsOptions(command)).action(async (options: AppCreateOptions) => {
    const { name, permission, secretYears: years, certificate } = options;
    const registration = {
      ...appFactsOf(options),
      name,
      permissions: [...new Set(permission)],
      ...(years === undefined ? {} : { secretYears: years }),
      ...(certificate === undefined ? {} : { certificates: await readCertificateFiles(certificate) }),
    };
    const apps = await appRegistrations(options, context);
    const created = await apps.create(registration);
    if (options.json) {
      await writeJson(context, created);
      return;
    }
    await writeNewCredentials(context, ['application id', created.clientId], created);
    if (created.clientSecret === null)
      await write(
        context.stderr,
        'No secret was made: the app proves itself with the key of its certificate.\n',
      );
  });
}
