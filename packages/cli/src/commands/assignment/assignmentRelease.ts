import { type CustomerId, operations, type Product } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { refuseSharedStdin } from '../../connection/settings.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand, productOperand } from '../operands.ts';
import { addWriteOptions, type WriteOptions } from '../writeOptions.ts';
import { reportText } from './assignment.ts';
import { withNamedUsers } from './namedUsers.ts';
import { writeSeats } from './seatWrites.ts';

interface ReleaseOptions extends WriteOptions {
  readonly file?: string;
  readonly userId?: readonly string[];
}

/** Adds `assignment release`. */
export function addAssignmentReleaseCommand(assignment: Command, context: CommandContext): void {
  const command = addCommand(assignment, 'release', {
    description: 'take seats of a product back from users; one who holds none is no mistake',
    examples: [
      "seatledger assignment release contoso 2048 ada@contoso.example --reason 'left the company'",
      'seatledger assignment release contoso 2048 --file leavers.txt',
      'seatledger assignment release contoso 2048 --user-id 5b3f3a52-6a0e-4d5c-9f0b-2f6c7f0d6a11',
    ],
  })
    .addArgument(customerOperand())
    .addArgument(productOperand())
    .argument('[user...]', 'the addresses of the users')
    .option('--file <file>', 'a file with one user a line, - for stdin')
    .option('--user-id <id...>', 'users by id, which is left of one whose address was erased');
  addWriteOptions(command).action(
    async (customerId: CustomerId, product: Product, users: readonly string[], options: ReleaseOptions) => {
      const { file, userId: userIds } = options;
      refuseSharedStdin(file, options);
      const operation = operations.releaseSeats;
      const path = operationPath(operation.path, { customerId });
      const report = await withNamedUsers({ users, file }, context, async (bulks) =>
        writeSeats(
          await connect(options, context),
          { operation, path, productType: product.type, userIds },
          bulks,
          options,
        ),
      );
      await writeAnswer(context, options, report, reportText('Released'));
    },
  );
}
