import { type CustomerId, type NewCustomer, operations } from '@seatledger/contract';
import { Argument, type Command } from 'commander';
import { customerArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { type Sent, sendWrite } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { addWriteOptions, type WriteOptions } from '../writeOptions.ts';
import { customerText, isCustomer } from './customer.ts';
import { addCustomerFactsOptions, type CustomerFactsOptions, customerFactsOf } from './customerFacts.ts';

/** Adds `customer create`. */
export function addCustomerCreateCommand(customer: Command, context: CommandContext): void {
  const command = addCommand(customer, 'create', {
    description: 'create a customer, and print it with its id',
    examples: [
      "seatledger customer create contoso --organization 'Contoso Ltd' --country Germany",
      "seatledger customer create --organization 'Fabrikam' --owner-email owner@fabrikam.example --reason 'order 4711'",
    ],
  })
    .addArgument(
      new Argument('[id]', 'the id that the customer gets; default: a GUID').argParser(customerArgument),
    )
    .requiredOption('--organization <name>', 'what people call the customer');
  addWriteOptions(addCustomerFactsOptions(command)).action(
    async (customerId: CustomerId | undefined, options: WriteOptions & CustomerFactsOptions) => {
      const body: Sent<NewCustomer> = { customerId, ...customerFactsOf(options) };
      const created = await sendWrite(
        await connect(options, context),
        { operation: operations.createCustomer, body, reads: isCustomer },
        options,
      );
      await writeAnswer(context, options, created, customerText(context));
    },
  );
}
