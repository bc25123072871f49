import { type CustomerId, operations, type Product } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { customerOperand, productOperand } from '../operands.ts';
import { addPeriodOptions, type PeriodOptions, periodQuery } from '../periodOptions.ts';
import { isSeatPoint, pointListing } from './seatPoint.ts';

/** Adds `history`. */
export function addHistoryCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'history', {
    description: 'tell how the seats of a customer and a product came to be what they are, and why',
    examples: [
      'seatledger history contoso 2048',
      'seatledger history contoso 2048 --from 2026-01-01 --to 2026-07-01 --format csv > history.csv',
    ],
  })
    .addArgument(customerOperand())
    .addArgument(productOperand());
  addListOptions(addPeriodOptions(command, { from: '; default: the beginning of the record' })).action(
    async (customerId: CustomerId, product: Product, options: ListOptions & PeriodOptions) => {
      const operation = operations.getSeatHistory;
      const path = operationPath(operation.path, { customerId, productType: String(product.type) });
      const connection = await connect(options, context);
      await writeListing(context, {
        format: listFormatOf(options),
        pages: connection.lines(operation, { path, query: periodQuery(options) }, isSeatPoint),
        listing: pointListing,
      });
    },
  );
}
