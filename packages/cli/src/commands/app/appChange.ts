import type { AppRegistrationChange } from '@seatledger/contract';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { appOperand } from '../operands.ts';
import { somethingOf } from '../writeOptions.ts';
import { appText } from './app.ts';
import { addScopeOptions, type AppFactsOptions, appFactsOf, permissionOption } from './appOptions.ts';
import { addAppChangeOptions, type AppPlaceOptions, appRegistrations } from './appPlace.ts';

interface AppChangeOptions extends AppPlaceOptions, AppFactsOptions {
  readonly name?: string;
  readonly allCustomers?: boolean;
}

/** Adds `app change`. */
export function addAppChangeCommand(app: Command, context: CommandContext): void {
  const command = addCommand(app, 'change', {
    description:
      'change the name, the permissions, the customers or the revision of an app; tokens that it has follow within a second',
    examples: [
      'seatledger app change 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11 --permission seatledger.read seatledger.write',
      "seatledger app change 7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11 --all-customers --reason 'order 4711'",
    ],
  })
    .addArgument(appOperand())
    .option('--name <name>', 'what people call the app')
    .addOption(permissionOption());
  addScopeOptions(command, { otherwise: '' }).addOption(
    new Option('--all-customers', 'the app sees all customers').conflicts(['customer', 'group']),
  );
  addAppChangeOptions(command).action(async (clientId: string, options: AppChangeOptions) => {
    const { name, allCustomers = false } = options;
    const change: AppRegistrationChange = somethingOf({
      ...(name === undefined ? {} : { name }),
      ...appFactsOf(options),
      ...(allCustomers ? { customers: 'all' } : {}),
    });
    const apps = await appRegistrations(options, context);
    await writeAnswer(context, options, await apps.change(clientId, change), appText(context));
  });
}
