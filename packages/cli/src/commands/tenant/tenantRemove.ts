import { type CustomerId, operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerText, isCustomer, theCustomer } from '../customer/customer.ts';
import { customerOperand } from '../operands.ts';
import { addChangeOptions, type ChangeOptions } from '../writeOptions.ts';

/** Adds `tenant remove`. */
export function addTenantRemoveCommand(tenant: Command, context: CommandContext): void {
  const command = addCommand(tenant, 'remove', {
    description: 'remove a tenant from a customer, and print the customer',
    examples: ["seatledger tenant remove contoso contoso.example --reason 'moved away'"],
  })
    .addArgument(customerOperand())
    .argument('<tenant>', 'the id of the tenant; case counts');
  addChangeOptions(command).action(
    async (customerId: CustomerId, tenantId: string, options: ChangeOptions) => {
      const operation = operations.removeTenant;
      const changed = await sendChange(
        await connect(options, context),
        {
          of: theCustomer(customerId),
          operation,
          path: operationPath(operation.path, { customerId, tenantId }),
          reads: isCustomer,
        },
        options,
      );
      await writeAnswer(context, options, changed, customerText(context));
    },
  );
}
