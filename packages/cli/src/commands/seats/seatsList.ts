import {
  type CustomerId,
  operations,
  type Product,
  type ProductSeats,
  type SeatSort,
  seatSorts,
} from '@seatledger/contract';
import { type Command, Option } from 'commander';
import {
  customerArgument,
  numberArgument,
  productArgument,
  shareArgument,
  signedNumberArgument,
} from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { type Connection, connect } from '../../connection/connection.ts';
import { pagesOf } from '../../connection/pages.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { type AsOfOptions, addAsOfOptions, isProductSeats, seatsListing } from './seats.ts';

interface SeatsListOptions extends ListOptions, AsOfOptions {
  readonly customer?: CustomerId;
  readonly product?: Product;
  readonly group?: number;
  readonly availableBelow?: number;
  readonly availableShareBelow?: number;
  readonly sort?: SeatSort;
}

/** Adds `seats list`: purchased, assigned and available seats, per customer and product. */
export function addSeatsListCommand(seats: Command, context: CommandContext): void {
  const command = addCommand(seats, 'list', {
    description: 'list purchased, assigned and available seats per customer and product',
    examples: [
      'seatledger seats list --product 2048',
      'seatledger seats list --group 7 --available-share-below 0.1 --sort available',
      'seatledger seats list --as-of 2026-01-31 --format csv > seats.csv',
    ],
  })
    .option('--customer <id>', 'only this customer', customerArgument)
    .option('--product <product>', 'only this product, by number or by name', productArgument)
    .option('--group <id>', 'only the customers of this customer group', numberArgument)
    .option('--available-below <number>', 'only where fewer seats are available', signedNumberArgument)
    .option(
      '--available-share-below <share>',
      'only where available is a smaller part of purchased, from 0 to 1',
      shareArgument,
    )
    .addOption(
      new Option(
        '--sort <order>',
        'the order, with a minus from the largest on; default: customerId',
      ).choices(seatSorts),
    );
  addListOptions(addAsOfOptions(command)).action(async (options: SeatsListOptions) => {
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: seatPages(connection, options),
      listing: seatsListing,
    });
  });
}

/** In one answer where rows are to be passed on as they come, which the server gives in the order of customers alone. */
function seatPages(
  connection: Connection,
  options: SeatsListOptions,
): AsyncIterable<readonly ProductSeats[]> {
  const { customer, product, group, availableBelow, availableShareBelow, sort, asOf, asOfSequence } = options;
  const query = {
    customerId: customer,
    productType: product?.type.toString(),
    groupId: group?.toString(),
    availableBelow: availableBelow?.toString(),
    availableShareBelow: availableShareBelow?.toString(),
    sort,
    asOf,
    asOfSequence,
  };
  const format = listFormatOf(options);
  const isOneAnswer = (format === 'csv' || format === 'ndjson') && (sort ?? 'customerId') === 'customerId';
  return isOneAnswer
    ? connection.lines(operations.listSeats, { query, headers: { accept: linesType } }, isProductSeats)
    : pagesOf(connection, operations.listSeats, { request: { query }, isRow: isProductSeats });
}

const linesType = 'application/x-ndjson';
