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
import { assignmentListing, isAssignment } from './assignment.ts';

/** Adds `assignment list`. */
export function addAssignmentListCommand(assignment: Command, context: CommandContext): void {
  const command = addCommand(assignment, 'list', {
    description: 'list the users of a customer that hold seats',
    examples: ['seatledger assignment list contoso', 'seatledger assignment list contoso --format csv'],
  }).addArgument(customerOperand());
  addListOptions(command).action(async (customerId: CustomerId, options: ListOptions) => {
    const operation = operations.listAssignments;
    const path = operationPath(operation.path, { customerId });
    const connection = await connect(options, context);
    await writeListing(context, {
      format: listFormatOf(options),
      pages: pagesOf(connection, operation, { request: { path }, isRow: isAssignment }),
      listing: assignmentListing,
    });
  });
}
