import { operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { pagesOf } from '../../connection/pages.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { customerListing, isCustomer } from './customer.ts';

/** Adds `customer list`. */
export function addCustomerListCommand(customer: Command, context: CommandContext): void {
  const command = addCommand(customer, 'list', {
    description: 'list the customers that the app sees',
    examples: ['seatledger customer list', 'seatledger customer list --format csv > customers.csv'],
  });
  addListOptions(command).action(async (options: ListOptions) => {
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: pagesOf(connection, operations.listCustomers, { isRow: isCustomer }),
      listing: customerListing,
    });
  });
}
