import { type CustomerId, operations, type Product, type ProductSeats } from '@seatledger/contract';
import { type Command, Option } from 'commander';
import { customerArgument, productArgument } from '../arguments.ts';
import type { CommandContext } from '../commandContext.ts';
import { isSeatsPage } from '../connection/answerShape.ts';
import { type Connection, connectionTo } from '../connection/connection.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  readConnectionSettings,
} from '../connection/settings.ts';
import { csvHeader, csvRows } from '../output/csv.ts';
import { writeJsonArray } from '../output/json.ts';
import { type Column, table } from '../output/table.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';

const formats = ['table', 'json', 'csv'] as const;

interface SeatsListOptions extends ConnectionOptions {
  readonly customer?: CustomerId;
  readonly product?: Product;
  readonly asOf?: string;
  readonly asOfSequence?: string;
  readonly format?: (typeof formats)[number];
  readonly json?: boolean;
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
    .option('--product <product>', 'only this product, by number or by name', productArgument)
    .addOption(
      new Option(
        '--as-of <instant>',
        'the seats as they were recorded by then, with the terms of then',
      ).conflicts('asOfSequence'),
    )
    .option('--as-of-sequence <number>', 'the seats as they were after this event of the record')
    .addOption(
      new Option('--format <format>', 'how to print the rows; default: table')
        .choices(formats)
        .conflicts('json'),
    );
  addConnectionOptions(command).action(async (options: SeatsListOptions) => {
    const connection = connectionTo(await readConnectionSettings(options, context));
    const pages = seatsPages(connection, options);
    const format = options.json ? 'json' : (options.format ?? 'table');
    if (format === 'json') await writeJsonArray(context, pages);
    else if (format === 'csv') await writeCsv(context, pages);
    else await writeTables(context, pages);
  });
}

/** The most that the operation gives at once: each page costs a request. */
const pageRows = '1000';

async function* seatsPages(
  connection: Connection,
  { customer, product, asOf, asOfSequence }: SeatsListOptions,
): AsyncGenerator<readonly ProductSeats[]> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query = {
      customerId: customer,
      productType: product?.type.toString(),
      asOf,
      asOfSequence,
      limit: pageRows,
      cursor,
    };
    const page = await connection.call(operations.listSeats, { query }, isSeatsPage);
    yield page.data;
    cursor = page.nextCursor;
  }
}

const csvColumns = [
  'customerId',
  'organization',
  'productType',
  'product',
  'purchased',
  'assigned',
  'available',
  'sequence',
  'recordedAt',
] as const satisfies readonly (keyof ProductSeats)[];

async function writeCsv(
  { stdout }: CommandContext,
  pages: AsyncIterable<readonly ProductSeats[]>,
): Promise<void> {
  await write(stdout, csvHeader(csvColumns));
  for await (const page of pages) await write(stdout, csvRows(page, csvColumns));
}

const tableColumns: readonly Column<ProductSeats>[] = [
  { title: 'CUSTOMER', value: ({ customerId }) => customerId },
  { title: 'ORGANIZATION', value: ({ organization }) => organization },
  { title: 'TYPE', value: ({ productType }) => productType, align: 'right' },
  { title: 'PRODUCT', value: ({ product }) => product },
  { title: 'PURCHASED', value: ({ purchased }) => purchased, align: 'right' },
  { title: 'ASSIGNED', value: ({ assigned }) => assigned, align: 'right' },
  { title: 'AVAILABLE', value: ({ available }) => available, align: 'right' },
];

/** A table a page: the width of a column is known once its rows are, and no list is too long to print. */
async function writeTables(
  { stdout, stderr }: CommandContext,
  pages: AsyncIterable<readonly ProductSeats[]>,
): Promise<void> {
  let rowCount = 0;
  for await (const page of pages) {
    if (page.length > 0) await write(stdout, table(page, tableColumns, stdout));
    rowCount += page.length;
  }
  if (rowCount === 0)
    await write(stderr, 'No seats: no customer that the app sees has or had a line of what was asked for.\n');
}
