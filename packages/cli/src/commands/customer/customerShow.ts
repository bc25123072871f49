import type { CustomerId } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand } from '../operands.ts';
import { customerText, isCustomer, theCustomer } from './customer.ts';

/** Adds `customer show`. */
export function addCustomerShowCommand(customer: Command, context: CommandContext): void {
  const command = addCommand(customer, 'show', {
    description: 'show a customer and its tenants',
    examples: ['seatledger customer show contoso'],
  }).addArgument(customerOperand());
  addConnectionOptions(command).action(
    async (customerId: CustomerId, options: ConnectionOptions & { json?: boolean }) => {
      const connection = await connect(options, context);
      const { operation, path } = theCustomer(customerId);
      const found = await connection.call(operation, { path }, isCustomer);
      await writeAnswer(context, options, found, customerText(context));
    },
  );
}
