import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addCustomerChangeCommand } from './customerChange.ts';
import { addCustomerCreateCommand } from './customerCreate.ts';
import { addCustomerListCommand } from './customerList.ts';
import { addCustomerShowCommand } from './customerShow.ts';

export function addCustomerCommands(program: Command, context: CommandContext): void {
  const customer = program.command('customer').description('the organisations that the partner manages');
  addCustomerListCommand(customer, context);
  addCustomerShowCommand(customer, context);
  addCustomerCreateCommand(customer, context);
  addCustomerChangeCommand(customer, context);
}
