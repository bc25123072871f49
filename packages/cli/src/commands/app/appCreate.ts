import {
  type CreatedAppRegistration,
  type CustomerId,
  type NewAppRegistration,
  type Permission,
  permissions,
  type Revision,
  revisions,
  type SecretYears,
  secretYears,
} from '@seatledger/contract';
import { type Command, Option } from 'commander';
import { customersArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { writeJson } from '../../output/json.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { numberChoice } from '../numberChoice.ts';
import { addWriteFactsOptions } from '../writeOptions.ts';
import { type AppPlaceOptions, addAppPlaceOptions, appRegistrations } from './appPlace.ts';

interface AppCreateOptions extends AppPlaceOptions {
  readonly name: string;
  readonly permission: readonly Permission[];
  readonly customer?: readonly CustomerId[];
  readonly revision?: Revision;
  readonly secretYears?: SecretYears;
  readonly json?: boolean;
}

/** Adds `app create`, the one place where a secret is ever printed. */
export function addAppCreateCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'create', {
    description: 'register an app and print its application id and its secret, once',
    examples: [
      'seatledger app create --name billing --permission elements.license.read.all seatledger.read --data ./data',
      'seatledger app create --name import --permission seatledger.write --customer contoso fabrikam',
    ],
  })
    .requiredOption('--name <name>', 'what people call the app')
    .addOption(
      new Option('--permission <permission...>', 'what the app may do; none implies another')
        .choices(permissions)
        .makeOptionMandatory(),
    )
    .option('--customer <id...>', 'the only customers that the app sees; default: all', customersArgument)
    .addOption(
      new Option('--revision <date>', 'the contract revision that the app speaks').choices(revisions),
    )
    .addOption(numberChoice('--secret-years <years>', 'for how many years the secret is good', secretYears));
  addAppPlaceOptions(addWriteFactsOptions(command)).action(async (options: AppCreateOptions) => {
    const apps = await appRegistrations(options, context);
    const created = await apps.create(registrationOf(options));
    if (options.json) await writeJson(context, created);
    else await writeCreated(context, created);
  });
}

function registrationOf({
  name,
  permission,
  customer,
  revision,
  secretYears: years,
}: AppCreateOptions): NewAppRegistration {
  return {
    name,
    permissions: [...new Set(permission)],
    ...(customer === undefined ? {} : { customers: [...new Set(customer)] }),
    ...(revision === undefined ? {} : { revision }),
    ...(years === undefined ? {} : { secretYears: years }),
  };
}

async function writeCreated(
  { stdout, stderr }: CommandContext,
  created: CreatedAppRegistration,
): Promise<void> {
  await write(stdout, `application id  ${created.clientId}\nsecret          ${created.clientSecret}\n`);
  const expiresAt = created.secrets.at(-1)?.expiresAt.slice(0, 10) ?? 'an unknown day';
  await write(stderr, `Keep the secret now, it is not shown again. It is good until ${expiresAt}.\n`);
}
