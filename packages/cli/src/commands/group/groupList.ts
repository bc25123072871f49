import { operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { pagesOf } from '../../connection/pages.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { groupListing, isGroup } from './group.ts';

/** Adds `group list`. */
export function addGroupListCommand(group: Command, context: CommandContext): void {
  const command = addCommand(group, 'list', {
    description: 'list the customer groups',
    examples: ['seatledger group list'],
  });
  addListOptions(command).action(async (options: ListOptions) => {
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: pagesOf(connection, operations.listGroups, { isRow: isGroup }),
      listing: groupListing,
    });
  });
}
