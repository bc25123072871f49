import { type CustomerGroupFacts, operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { sendWrite } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { addWriteOptions, type WriteOptions } from '../writeOptions.ts';
import { groupText, isGroup } from './group.ts';

/** Adds `group create`. */
export function addGroupCreateCommand(group: Command, context: CommandContext): void {
  const command = addCommand(group, 'create', {
    description: 'create a customer group, and print it with its id',
    examples: ['seatledger group create Retail'],
  }).argument('<name>', 'what people call the group');
  addWriteOptions(command).action(async (name: string, options: WriteOptions) => {
    const body: CustomerGroupFacts = { name };
    const created = await sendWrite(
      await connect(options, context),
      { operation: operations.createGroup, body, reads: isGroup },
      options,
    );
    await writeAnswer(context, options, created, groupText);
  });
}
