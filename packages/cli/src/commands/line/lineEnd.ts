import { type CustomerId, operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand } from '../operands.ts';
import { addChangeOptions, type ChangeOptions } from '../writeOptions.ts';
import { isLine, lineText, theLine } from './line.ts';

/** Adds `line end`. */
export function addLineEndCommand(line: Command, context: CommandContext): void {
  const command = addCommand(line, 'end', {
    description: 'end a subscription line now; it stays, with its end',
    examples: ["seatledger line end contoso 17 --reason 'cancelled'"],
  })
    .addArgument(customerOperand())
    .argument('<line>', 'the id of the line');
  addChangeOptions(command).action(async (customerId: CustomerId, lineId: string, options: ChangeOptions) => {
    const of = theLine(customerId, lineId);
    const ended = await sendChange(
      await connect(options, context),
      { of, operation: operations.endLine, path: of.path, reads: isLine },
      options,
    );
    await writeAnswer(context, options, ended, lineText);
  });
}
