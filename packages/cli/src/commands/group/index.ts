import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addGroupCreateCommand } from './groupCreate.ts';
import { addGroupCustomersCommand } from './groupCustomers.ts';
import { addGroupDeleteCommand } from './groupDelete.ts';
import { addGroupListCommand } from './groupList.ts';
import { addGroupMembersCommands } from './groupMembers.ts';
import { addGroupRenameCommand } from './groupRename.ts';
import { addGroupShowCommand } from './groupShow.ts';

export function addGroupCommands(program: Command, context: CommandContext): void {
  const group = program.command('group').description('named sets of customers');
  addGroupListCommand(group, context);
  addGroupShowCommand(group, context);
  addGroupCustomersCommand(group, context);
  addGroupCreateCommand(group, context);
  addGroupRenameCommand(group, context);
  addGroupDeleteCommand(group, context);
  addGroupMembersCommands(group, context);
}
