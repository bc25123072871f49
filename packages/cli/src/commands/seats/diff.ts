import { type CustomerId, operations, type Product, type SeatDifference } from '@seatledger/contract';
import type { Command } from 'commander';
import { customerArgument, productArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { hasMembers } from '../../connection/answerShape.ts';
import { connect } from '../../connection/connection.ts';
import { localFailure } from '../../failure.ts';
import { type Listing, writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { addPeriodOptions, type PeriodOptions, periodQuery } from '../periodOptions.ts';
import { isSeatPoint } from './seatPoint.ts';
import { hasSeatCount } from './seats.ts';

interface DiffOptions extends ListOptions, PeriodOptions {
  readonly customer?: CustomerId;
  readonly product?: Product;
}

const differenceListing: Listing<SeatDifference> = {
  columns: [
    { title: 'CUSTOMER', value: ({ customerId }) => customerId },
    { title: 'ORGANIZATION', value: ({ organization }) => organization },
    { title: 'TYPE', value: ({ productType }) => productType, align: 'right' },
    { title: 'PRODUCT', value: ({ product }) => product },
    ...(['purchased', 'assigned', 'available'] as const).flatMap((name) => [
      {
        title: name.toUpperCase(),
        value: ({ after }: SeatDifference) => after[name],
        align: 'right' as const,
      },
      {
        title: 'CHANGE',
        value: ({ change }: SeatDifference) => signed(change[name]),
        align: 'right' as const,
      },
    ]),
    { title: 'CAUSES', value: ({ causeCount }) => causeCount, align: 'right' },
  ],
  csv: [
    'customerId',
    'organization',
    'productType',
    'product',
    ...(['purchased', 'assigned', 'available'] as const).flatMap((name) => [
      { title: `${name}Before`, value: ({ before }: SeatDifference) => before[name] },
      { title: `${name}After`, value: ({ after }: SeatDifference) => after[name] },
    ]),
    'causeCount',
    'causes',
  ],
  empty: 'No seats differ between the two moments.',
};

function signed(change: number): string {
  return change > 0 ? `+${change}` : String(change);
}

/** Adds `diff`. */
export function addDiffCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'diff', {
    description: 'list which seats differ between two moments, and why',
    examples: [
      'seatledger diff --from 2026-01-01',
      'seatledger diff --from 2026-01-01 --to 2026-02-01 --product 2048 --format csv > january.csv',
      'seatledger diff --from-sequence 4711 --json',
    ],
  })
    .option('--customer <id>', 'only this customer', customerArgument)
    .option('--product <product>', 'only this product, by number or by name', productArgument);
  addListOptions(addPeriodOptions(command, { from: '; this or --from-sequence' })).action(
    async (options: DiffOptions) => {
      if (options.from === undefined && options.fromSequence === undefined)
        throw localFailure('usage_wrong', 'The first moment is named with --from or --from-sequence.');
      const query = {
        ...periodQuery(options),
        customerId: options.customer,
        productType: options.product?.type.toString(),
      };
      const connection = await connect(options, context);
      await writeListing(context, {
        format: listFormatOf(options),
        pages: connection.lines(operations.listSeatDifferences, { query }, isSeatDifference),
        listing: differenceListing,
      });
    },
  );
}

function isSeatDifference(line: unknown): line is SeatDifference {
  return (
    hasMembers(line, {
      customerId: 'string',
      organization: 'string',
      productType: 'number',
      product: 'string',
      causeCount: 'number',
    }) &&
    [line.before, line.after, line.change].every(hasSeatCount) &&
    Array.isArray(line.causes) &&
    line.causes.every(isSeatPoint)
  );
}
