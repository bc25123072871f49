import { operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { pagesOf } from '../../connection/pages.ts';
import { type Listing, writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';

interface Member {
  readonly customerId: string;
}

const memberListing: Listing<Member> = {
  columns: [{ title: 'CUSTOMER', value: ({ customerId }) => customerId }],
  csv: ['customerId'],
  empty: 'No customer is in the group.',
};

/** Adds `group customers`. */
export function addGroupCustomersCommand(group: Command, context: CommandContext): void {
  const command = addCommand(group, 'customers', {
    description: 'list the customers of a group',
    examples: ['seatledger group customers 21', 'seatledger group customers 21 --format csv'],
  }).argument('<group>', 'the id of the group');
  addListOptions(command).action(async (groupId: string, options: ListOptions) => {
    const operation = operations.listGroupCustomers;
    const path = operationPath(operation.path, { groupId });
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: membersOf(pagesOf(connection, operation, { request: { path }, isRow: isText })),
      listing: memberListing,
    });
  });
}

/** Ids alone would be rows without a name. */
async function* membersOf(
  pages: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly Member[], undefined> {
  for await (const page of pages) yield page.map((customerId) => ({ customerId }));
  return undefined;
}

function isText(row: unknown): row is string {
  return typeof row === 'string';
}
