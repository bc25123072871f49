import { type CustomerId, operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { pagesOf } from '../../connection/pages.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { customerOperand } from '../operands.ts';
import { isLine, lineListing } from './line.ts';

/** Adds `line list`. */
export function addLineListCommand(line: Command, context: CommandContext): void {
  const command = addCommand(line, 'list', {
    description: 'list the subscription lines of a customer, the ended ones too',
    examples: ['seatledger line list contoso', 'seatledger line list contoso --format csv > lines.csv'],
  }).addArgument(customerOperand());
  addListOptions(command).action(async (customerId: CustomerId, options: ListOptions) => {
    const operation = operations.listLines;
    const path = operationPath(operation.path, { customerId });
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: pagesOf(connection, operation, { request: { path }, isRow: isLine }),
      listing: lineListing,
    });
  });
}
