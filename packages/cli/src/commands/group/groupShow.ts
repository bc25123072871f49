import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { groupText, isGroup, theGroup } from './group.ts';

/** Adds `group show`. */
export function addGroupShowCommand(group: Command, context: CommandContext): void {
  const command = addCommand(group, 'show', {
    description: 'show a customer group',
    examples: ['seatledger group show 21'],
  }).argument('<group>', 'the id of the group');
  addConnectionOptions(command).action(
    async (groupId: string, options: ConnectionOptions & { json?: boolean }) => {
      const { operation, path } = theGroup(groupId);
      const connection = await connect(options, context);
      const found = await connection.call(operation, { path }, isGroup);
      await writeAnswer(context, options, found, groupText);
    },
  );
}
