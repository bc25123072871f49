import {
  type CustomerId,
  operations,
  type TenantFacts,
  type TenantType,
  tenantTypes,
} from '@seatledger/contract';
import type { Command } from 'commander';
import { seatsArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerText, isCustomer, theCustomer } from '../customer/customer.ts';
import { numberChoice } from '../numberChoice.ts';
import { customerOperand } from '../operands.ts';
import { addChangeOptions, type ChangeOptions } from '../writeOptions.ts';

interface TenantSetOptions extends ChangeOptions {
  readonly type: TenantType;
  readonly name: string;
  readonly availableSeats: number;
  readonly assignedSeats: number;
}

/** Adds `tenant set`. */
export function addTenantSetCommand(tenant: Command, context: CommandContext): void {
  const command = addCommand(tenant, 'set', {
    description: 'add a tenant to a customer, or change it, and print the customer',
    examples: [
      'seatledger tenant set contoso contoso.example --type 0 --name Contoso --available-seats 5 --assigned-seats 20',
    ],
  })
    .addArgument(customerOperand())
    .argument('<tenant>', 'the id of the tenant; case counts')
    .addOption(
      numberChoice(
        '--type <number>',
        '0 Microsoft 365, 1 Salesforce, 2 Google, 3 Dynamics 365',
        tenantTypes,
      ).makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'what people call the tenant')
    .requiredOption('--available-seats <number>', "free seats of the tenant's own vendor", seatsArgument)
    .requiredOption('--assigned-seats <number>', 'those that are assigned', seatsArgument);
  addChangeOptions(command).action(
    async (customerId: CustomerId, tenantId: string, options: TenantSetOptions) => {
      const operation = operations.setTenant;
      const { type, name, availableSeats, assignedSeats } = options;
      const body: TenantFacts = { type, name, availableSeats, assignedSeats };
      const changed = await sendChange(
        await connect(options, context),
        {
          of: theCustomer(customerId),
          operation,
          path: operationPath(operation.path, { customerId, tenantId }),
          body,
          reads: isCustomer,
        },
        options,
      );
      await writeAnswer(context, options, changed, customerText(context));
    },
  );
}
