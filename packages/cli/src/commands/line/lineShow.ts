import type { CustomerId } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand } from '../operands.ts';
import { isLine, lineText, theLine } from './line.ts';

/** Adds `line show`. */
export function addLineShowCommand(line: Command, context: CommandContext): void {
  const command = addCommand(line, 'show', {
    description: 'show a subscription line',
    examples: ['seatledger line show contoso 17'],
  })
    .addArgument(customerOperand())
    .argument('<line>', 'the id of the line');
  addConnectionOptions(command).action(
    async (customerId: CustomerId, lineId: string, options: ConnectionOptions & { json?: boolean }) => {
      const { operation, path } = theLine(customerId, lineId);
      const connection = await connect(options, context);
      const found = await connection.call(operation, { path }, isLine);
      await writeAnswer(context, options, found, lineText);
    },
  );
}
