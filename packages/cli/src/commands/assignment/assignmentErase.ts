import { type CustomerId, type ErasedUser, operations, type UserToErase } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { hasMembers } from '../../connection/answerShape.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { sendWrite } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { confirm } from '../../output/confirm.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand } from '../operands.ts';
import { addWriteOptions, type WriteOptions } from '../writeOptions.ts';

interface EraseOptions extends WriteOptions {
  readonly yes?: boolean;
}

/** Adds `assignment erase`. */
export function addAssignmentEraseCommand(assignment: Command, context: CommandContext): void {
  const command = addCommand(assignment, 'erase', {
    description:
      'erase the address of a user for good; counts and record stay, and name the user by a random id. It cannot be undone',
    examples: [
      "seatledger assignment erase contoso ada@contoso.example --yes --reason 'asked to be forgotten'",
    ],
  })
    .addArgument(customerOperand())
    .argument('<user>', 'the address of the user')
    .option('--yes', 'do not ask whether it is meant');
  addWriteOptions(command).action(async (customerId: CustomerId, user: string, options: EraseOptions) => {
    if (!options.yes) await confirm(context, `Erase the address of this user of ${customerId} for good?`);
    const operation = operations.eraseUser;
    const body: UserToErase = { user };
    const erased = await sendWrite(
      await connect(options, context),
      { operation, path: operationPath(operation.path, { customerId }), body, reads: isErasedUser },
      options,
    );
    await writeAnswer(context, options, erased, erasedText);
  });
}

function isErasedUser(body: unknown): body is ErasedUser {
  return hasMembers(body, { userId: 'string' });
}

function erasedText({ userId }: ErasedUser): string {
  return `The address is erased. Seats that the user holds stay assigned to the user id ${userId}.\n`;
}
