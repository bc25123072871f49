import {
  type CustomerId,
  type LicenceType,
  type LineDetailName,
  licenceTypes,
  lineDetailNames,
  operations,
  type SubscriptionLineChange,
} from '@seatledger/contract';
import { type Command, Option } from 'commander';
import { seatsArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { type Sent, sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand } from '../operands.ts';
import { addChangedTermOptions, type ChangedTermOptions, changedTermOf } from '../termOptions.ts';
import { addChangeOptions, type ChangeOptions, somethingOf } from '../writeOptions.ts';
import { type Details, detailOption } from './details.ts';
import { isLine, lineText, theLine } from './line.ts';

interface LineChangeOptions extends ChangeOptions, ChangedTermOptions {
  readonly seats?: number;
  readonly licenceType?: LicenceType;
  readonly detail?: Details;
  readonly removeDetail?: readonly LineDetailName[];
}

/** Adds `line change`. */
export function addLineChangeCommand(line: Command, context: CommandContext): void {
  const command = addCommand(line, 'change', {
    description: 'change the seats, the term, the licence type or the details of a line',
    examples: [
      "seatledger line change contoso 17 --seats 30 --reason 'order 4712'",
      'seatledger line change contoso 17 --no-expiry --remove-detail contractEndDate',
    ],
  })
    .addArgument(customerOperand())
    .argument('<line>', 'the id of the line')
    .option('--seats <number>', 'how many seats or units', seatsArgument)
    .addOption(new Option('--licence-type <type>', 'whether it is paid for').choices(licenceTypes))
    .addOption(detailOption())
    .addOption(
      new Option('--remove-detail <name...>', 'details that it has no more').choices(lineDetailNames),
    );
  addChangeOptions(addChangedTermOptions(command)).action(
    async (customerId: CustomerId, lineId: string, options: LineChangeOptions) => {
      const body: Sent<SubscriptionLineChange> = somethingOf({
        seats: options.seats,
        licenceType: options.licenceType,
        details: detailsOf(options),
        ...changedTermOf(options),
      });
      const of = theLine(customerId, lineId);
      const changed = await sendChange(
        await connect(options, context),
        { of, operation: operations.changeLine, path: of.path, body, reads: isLine },
        options,
      );
      await writeAnswer(context, options, changed, lineText);
    },
  );
}

function detailsOf({ detail, removeDetail }: LineChangeOptions): SubscriptionLineChange['details'] {
  if (detail === undefined && removeDetail === undefined) return undefined;
  const removed = (removeDetail ?? []).map((name) => [name, null]);
  return { ...Object.fromEntries(removed), ...detail };
}
