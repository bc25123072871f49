import { type CustomerId, operations, type Product } from '@seatledger/contract';
import type { Command } from 'commander';
import { customerArgument, productArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { pagesOf } from '../../connection/pages.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { type AsOfOptions, addAsOfOptions, isProductSeats, seatsListing } from './seats.ts';

interface SeatsListOptions extends ListOptions, AsOfOptions {
  readonly customer?: CustomerId;
  readonly product?: Product;
}

/** Adds `seats list`: purchased, assigned and available seats, per customer and product. */
export function addSeatsListCommand(seats: Command, context: CommandContext): void {
  const command = addCommand(seats, 'list', {
    description: 'list purchased, assigned and available seats per customer and product',
    examples: [
      'seatledger seats list --product 2048',
      'seatledger seats list --as-of 2026-01-31 --format csv > seats.csv',
    ],
  })
    .option('--customer <id>', 'only this customer', customerArgument)
    .option('--product <product>', 'only this product, by number or by name', productArgument);
  addListOptions(addAsOfOptions(command)).action(async (options: SeatsListOptions) => {
    const { customer, product, asOf, asOfSequence } = options;
    const query = { customerId: customer, productType: product?.type.toString(), asOf, asOfSequence };
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: pagesOf(connection, operations.listSeats, { request: { query }, isRow: isProductSeats }),
      listing: seatsListing,
    });
  });
}
