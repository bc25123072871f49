import { type CustomerId, type CustomerSeats, operations, type Product } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { hasMembers } from '../../connection/answerShape.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { writeAnswer } from '../../output/answer.ts';
import { factsText } from '../../output/facts.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand, productOperand } from '../operands.ts';
import { type AsOfOptions, addAsOfOptions, isProductSeats } from './seats.ts';

interface SeatsShowOptions extends ConnectionOptions, AsOfOptions {
  readonly json?: boolean;
}

/** Adds `seats show`: what the management API knows of the seats of one customer and product. */
export function addSeatsShowCommand(seats: Command, context: CommandContext): void {
  const command = addCommand(seats, 'show', {
    description: 'show purchased, assigned and available seats of a customer and a product',
    examples: ['seatledger seats show contoso 2048', 'seatledger seats show contoso 2048 --as-of 2026-01-31'],
  })
    .addArgument(customerOperand())
    .addArgument(productOperand());
  addConnectionOptions(addAsOfOptions(command)).action(
    async (customerId: CustomerId, product: Product, options: SeatsShowOptions) => {
      const operation = operations.getSeats;
      const path = operationPath(operation.path, { customerId, productType: String(product.type) });
      const { asOf, asOfSequence } = options;
      const connection = await connect(options, context);
      const found = await connection.call(
        operation,
        { path, query: { asOf, asOfSequence } },
        isCustomerSeats,
      );
      await writeAnswer(context, options, found, customerSeatsText);
    },
  );
}

function isCustomerSeats(body: unknown): body is CustomerSeats {
  return isProductSeats(body) && hasMembers(body, { asOf: 'string', asOfSequence: 'number' });
}

function customerSeatsText(seats: CustomerSeats): string {
  return factsText([
    ['customer', seats.customerId],
    ['organization', seats.organization],
    ['product', `${seats.productType} ${seats.product}`],
    ['purchased', seats.purchased],
    ['assigned', seats.assigned],
    ['available', seats.available],
    ['changed', seats.recordedAt === null ? 'never' : `${seats.recordedAt}, event ${seats.sequence}`],
    ['as of', `${seats.asOf}, event ${seats.asOfSequence}`],
  ]);
}
