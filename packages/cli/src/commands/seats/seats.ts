/** Seats of a customer and product, as they are read and shown. */

import type { ProductSeats, SeatPoint } from '@seatledger/contract';
import { type Command, Option } from 'commander';
import { hasMembers } from '../../connection/answerShape.ts';
import type { Listing } from '../../output/listing.ts';

export function hasSeatCount(
  value: unknown,
): value is Pick<SeatPoint, 'purchased' | 'assigned' | 'available'> {
  return hasMembers(value, { purchased: 'number', assigned: 'number', available: 'number' });
}

export function isProductSeats(row: unknown): row is ProductSeats {
  return (
    hasSeatCount(row) &&
    hasMembers(row, {
      customerId: 'string',
      organization: 'string',
      productType: 'number',
      product: 'string',
      sequence: 'number',
    })
  );
}

export const seatsListing: Listing<ProductSeats> = {
  columns: [
    { title: 'CUSTOMER', value: ({ customerId }) => customerId },
    { title: 'ORGANIZATION', value: ({ organization }) => organization },
    { title: 'TYPE', value: ({ productType }) => productType, align: 'right' },
    { title: 'PRODUCT', value: ({ product }) => product },
    { title: 'PURCHASED', value: ({ purchased }) => purchased, align: 'right' },
    { title: 'ASSIGNED', value: ({ assigned }) => assigned, align: 'right' },
    { title: 'AVAILABLE', value: ({ available }) => available, align: 'right' },
  ],
  csv: [
    'customerId',
    'organization',
    'productType',
    'product',
    'purchased',
    'assigned',
    'available',
    'sequence',
    'recordedAt',
  ],
  empty: 'No seats: no customer that the app sees has or had a line of what was asked for.',
};

export interface AsOfOptions {
  readonly asOf?: string;
  readonly asOfSequence?: string;
}

export function addAsOfOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--as-of <instant>',
        'the seats as they were recorded by then, with the terms of then',
      ).conflicts('asOfSequence'),
    )
    .option('--as-of-sequence <number>', 'the seats as they were after this event of the record');
}
