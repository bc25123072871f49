import { type CustomerGroupFacts, operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { addChangeOptions, type ChangeOptions } from '../writeOptions.ts';
import { groupText, isGroup, theGroup } from './group.ts';

/** Adds `group rename`. */
export function addGroupRenameCommand(group: Command, context: CommandContext): void {
  const command = addCommand(group, 'rename', {
    description: 'give a customer group another name',
    examples: ["seatledger group rename 21 'Retail and hotels'"],
  })
    .argument('<group>', 'the id of the group')
    .argument('<name>', 'its new name');
  addChangeOptions(command).action(async (groupId: string, name: string, options: ChangeOptions) => {
    const of = theGroup(groupId);
    const body: CustomerGroupFacts = { name };
    const changed = await sendChange(
      await connect(options, context),
      { of, operation: operations.changeGroup, path: of.path, body, reads: isGroup },
      options,
    );
    await writeAnswer(context, options, changed, groupText);
  });
}
