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

interface AssignOptions extends WriteOptions {
  readonly file?: string;
}

/** Adds `assignment assign`. */
export function addAssignmentAssignCommand(assignment: Command, context: CommandContext): void {
  const command = addCommand(assignment, 'assign', {
    description:
      'assign seats of a product to users, to a thousand at once or to none of them; who holds one keeps it',
    examples: [
      'seatledger assignment assign contoso 2048 ada@contoso.example bob@contoso.example',
      'seatledger assignment assign contoso 2048 --file users.txt',
      'list-users | seatledger assignment assign contoso 2048 --file -',
    ],
  })
    .addArgument(customerOperand())
    .addArgument(productOperand())
    .argument('[user...]', 'the addresses of the users')
    .option('--file <file>', 'a file with one user a line, - for stdin');
  addWriteOptions(command).action(
    async (customerId: CustomerId, product: Product, users: readonly string[], options: AssignOptions) => {
      const { file } = options;
      refuseSharedStdin(file, options);
      const operation = operations.assignSeats;
      const report = await withNamedUsers({ users, file }, context, async (bulks) =>
        writeSeats(
          await connect(options, context),
          { operation, path: operationPath(operation.path, { customerId }), productType: product.type },
          bulks,
          options,
        ),
      );
      await writeAnswer(context, options, report, reportText('Assigned'));
    },
  );
}
