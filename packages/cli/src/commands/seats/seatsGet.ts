import {
  type CustomerId,
  operations,
  type Product,
  type Revision,
  revisionHeader,
  revisions,
} from '@seatledger/contract';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { hasMembers } from '../../connection/answerShape.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { writeJson } from '../../output/json.ts';
import { writeLine } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand, productOperand } from '../operands.ts';

interface SeatsGetOptions extends ConnectionOptions {
  readonly revision?: Revision;
  readonly json?: boolean;
}

/** Adds `seats get`: the seat answer of the partner contract, which is one number. */
export function addSeatsGetCommand(seats: Command, context: CommandContext): void {
  const command = addCommand(seats, 'get', {
    description: 'print how many user seats a customer has for a product',
    examples: [
      'seatledger seats get 4de84505-fa99-5266-a644-e6bac921c6c9 2048',
      "seatledger seats get contoso 'cloud backup for microsoft 365' --revision 2025-10-11",
    ],
  })
    .addArgument(customerOperand())
    .addArgument(productOperand())
    .addOption(
      new Option('--revision <date>', "the contract revision of the answer; default: the app's").choices(
        revisions,
      ),
    );
  addConnectionOptions(command).action(
    async (customer: CustomerId, product: Product, options: SeatsGetOptions) => {
      const connection = await connect(options, context);
      const operation = operations.getCustomerUserSeats;
      const answer = await connection.call(
        operation,
        {
          path: operationPath(operation.path, { customerId: customer, productType: String(product.type) }),
          headers: options.revision === undefined ? {} : { [revisionHeader]: options.revision },
        },
        isUserSeats,
      );
      if (options.json) await writeJson(context, answer);
      else
        await writeLine(
          context.stdout,
          String('availableUserSeat' in answer ? answer.availableUserSeat : answer.purchasedUserSeat),
        );
    },
  );
}

type UserSeats = { readonly availableUserSeat: number } | { readonly purchasedUserSeat: number };

function isUserSeats(body: unknown): body is UserSeats {
  return (
    hasMembers(body, { availableUserSeat: 'number' }) || hasMembers(body, { purchasedUserSeat: 'number' })
  );
}
