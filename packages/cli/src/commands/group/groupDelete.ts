import { operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { isNothing } from '../../connection/answerShape.ts';
import { connect } from '../../connection/connection.ts';
import { sendChange } from '../../connection/writes.ts';
import { writeJson } from '../../output/json.ts';
import { printable } from '../../output/printable.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { addChangeOptions, type ChangeOptions } from '../writeOptions.ts';
import { theGroup } from './group.ts';

/** Adds `group delete`. */
export function addGroupDeleteCommand(group: Command, context: CommandContext): void {
  const command = addCommand(group, 'delete', {
    description: 'delete a customer group; its customers stay',
    examples: ['seatledger group delete 21'],
  }).argument('<group>', 'the id of the group');
  addChangeOptions(command).action(async (groupId: string, options: ChangeOptions) => {
    const of = theGroup(groupId);
    await sendChange(
      await connect(options, context),
      { of, operation: operations.deleteGroup, path: of.path, reads: isNothing },
      options,
    );
    if (options.json) await writeJson(context, { groupId: Number(groupId) });
    else await write(context.stderr, `The group ${printable(groupId)} is deleted.\n`);
  });
}
