import { type CustomerId, type Members, type MembershipChange, operations } from '@seatledger/contract';
import type { Command } from 'commander';
import { customersArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { sendWrite } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { addWriteOptions, type WriteOptions } from '../writeOptions.ts';
import { isMembershipChange } from './group.ts';

interface MembershipCommand {
  readonly name: string;
  readonly description: string;
  readonly operation: typeof operations.joinGroup | typeof operations.leaveGroup;
  readonly text: (change: MembershipChange) => string;
}

/** Adds `group add` and `group remove`. */
export function addGroupMembersCommands(group: Command, context: CommandContext): void {
  addMembershipCommand(group, context, {
    name: 'add',
    description: 'add customers to a group, all or none of them',
    operation: operations.joinGroup,
    text: ({ changed, unchanged }) => `Joined ${changed}, in already ${unchanged}.\n`,
  });
  addMembershipCommand(group, context, {
    name: 'remove',
    description: 'remove customers from a group',
    operation: operations.leaveGroup,
    text: ({ changed, unchanged }) => `Left ${changed}, not in it ${unchanged}.\n`,
  });
}

function addMembershipCommand(
  group: Command,
  context: CommandContext,
  { name, description, operation, text }: MembershipCommand,
): void {
  const command = addCommand(group, name, {
    description,
    examples: [`seatledger group ${name} 21 contoso fabrikam`],
  })
    .argument('<group>', 'the id of the group')
    .argument('<customer...>', 'the ids of the customers', customersArgument);
  addWriteOptions(command).action(
    async (groupId: string, customers: readonly CustomerId[], options: WriteOptions) => {
      const body: Members = { customerIds: [...customers] };
      const change = await sendWrite(
        await connect(options, context),
        { operation, path: operationPath(operation.path, { groupId }), body, reads: isMembershipChange },
        options,
      );
      await writeAnswer(context, options, change, text);
    },
  );
}
