import { operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { pagesOf } from '../../connection/pages.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { isPool, poolListing } from './pool.ts';

/** Adds `pool list`. */
export function addPoolListCommand(pool: Command, context: CommandContext): void {
  const command = addCommand(pool, 'list', {
    description: 'list the pools, the ended ones too',
    examples: ['seatledger pool list', 'seatledger pool list --json'],
  });
  addListOptions(command).action(async (options: ListOptions) => {
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: pagesOf(connection, operations.listPools, { isRow: isPool }),
      listing: poolListing,
    });
  });
}
