import { type CustomerId, operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand } from '../operands.ts';
import { addChangeOptions, type ChangeOptions, somethingOf } from '../writeOptions.ts';
import { customerText, isCustomer, theCustomer } from './customer.ts';
import { addCustomerFactsOptions, type CustomerFactsOptions, customerFactsOf } from './customerFacts.ts';

/** Adds `customer change`. */
export function addCustomerChangeCommand(customer: Command, context: CommandContext): void {
  const command = addCommand(customer, 'change', {
    description: 'change what is known of a customer; what is not given stays as it is',
    examples: [
      "seatledger customer change contoso --organization 'Contoso GmbH' --reason 'renamed'",
      'seatledger customer change contoso --job-status 1 --if-match 17',
    ],
  })
    .addArgument(customerOperand())
    .option('--organization <name>', 'what people call the customer');
  addChangeOptions(addCustomerFactsOptions(command)).action(
    async (customerId: CustomerId, options: ChangeOptions & CustomerFactsOptions) => {
      const body = somethingOf(customerFactsOf(options));
      const of = theCustomer(customerId);
      const changed = await sendChange(
        await connect(options, context),
        { of, operation: operations.changeCustomer, path: of.path, body, reads: isCustomer },
        options,
      );
      await writeAnswer(context, options, changed, customerText(context));
    },
  );
}
