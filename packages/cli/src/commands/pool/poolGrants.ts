import { operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { pagesOf } from '../../connection/pages.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { isLine, lineListing } from '../line/line.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';

/** Adds `pool grants`. */
export function addPoolGrantsCommand(pool: Command, context: CommandContext): void {
  const command = addCommand(pool, 'grants', {
    description: 'list the grants from a pool, the ended ones too',
    examples: ['seatledger pool grants 30'],
  }).argument('<pool>', 'the id of the pool');
  addListOptions(command).action(async (poolId: string, options: ListOptions) => {
    const operation = operations.listGrants;
    const path = operationPath(operation.path, { poolId });
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: pagesOf(connection, operation, { request: { path }, isRow: isLine }),
      listing: { ...lineListing, empty: 'Nothing was granted from the pool.' },
    });
  });
}
